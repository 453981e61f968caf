"""Tokens that somebody who means harm would make: each is one test."""

from __future__ import annotations

import base64
import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey, RSAKey

from guanjia.api import create_app, issue, local_trust, office_key, provider_trust
from guanjia.api.tokens import account_of
from guanjia.storage.errors import KeyFileExposed, KeyFileMalformed

from .conftest import Service


def claims(**more: object) -> dict[str, Any]:
    """Return what a good token of gm1 says, with changes; None takes a claim away."""
    now = int(time.time())
    told = {"iss": "guanjia", "aud": "guanjia", "sub": "gm1", "iat": now, "exp": now + 60} | more
    return {name: value for name, value in told.items() if value is not None}


def part(value: object) -> str:
    """Return one part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def signed(key: OKPKey, header: dict[str, Any] | None = None, **more: object) -> str:
    """Return a token that the key signs."""
    given = {"alg": "Ed25519", "kid": key.kid} | (header or {})
    algorithms = ["Ed25519", "EdDSA", "HS256", "RS256"]
    return jwt.encode(given, claims(**more), key, algorithms=algorithms)


def status(service: Service, token: str) -> int:
    """Return how a question with this token is answered."""
    headers = {"Authorization": f"Bearer {token}"}
    return service.call().get("/views", headers=headers).status_code


def test_a_good_token_is_accepted(standing: Service) -> None:
    """The attacks below fail by what they change, not by how they are made."""
    assert status(standing, signed(standing.key)) == 200


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
def test_no_signature_is_no_token(standing: Service, alg: str) -> None:
    """A token that says it needs no signature is refused, with or without one."""
    for tail in ("", signed(standing.key).rpartition(".")[2]):
        forged = f"{part({'alg': alg, 'kid': standing.key.kid})}.{part(claims())}.{tail}"
        assert status(standing, forged) == 401


def test_the_public_key_is_no_shared_secret(standing: Service) -> None:
    """A token signed by HMAC with our public key as the secret is refused."""
    public = standing.key.as_dict(private=False)
    secrets = (json.dumps(public), str(public["x"]), base64.urlsafe_b64decode(f"{public['x']}="))
    for secret in secrets:
        key = OctKey.import_key(secret)
        header = {"alg": "HS256", "kid": standing.key.kid}
        assert status(standing, jwt.encode(header, claims(), key, algorithms=["HS256"])) == 401


def test_another_algorithm_is_refused(standing: Service) -> None:
    """A token of another signature is refused, though its key is sound."""
    key = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "kid": standing.key.kid}
    assert status(standing, jwt.encode(header, claims(), key, algorithms=["RS256"])) == 401


@pytest.mark.parametrize(
    "more",
    [
        {"exp": 1_700_000_000},
        {"exp": None},
        {"exp": "never"},
        {"nbf": 4_000_000_000},
        {"aud": "elsewhere"},
        {"aud": None},
        {"iss": "elsewhere"},
        {"iss": None},
        {"sub": None},
        {"sub": ["gm1"]},
        {"sub": "nobody"},
        {"sub": "system"},
        {"sub": ""},
    ],
)
def test_each_claim_counts(standing: Service, more: dict[str, Any]) -> None:
    """Expired, for somebody else, from somebody else, or about nobody on the roster: refused."""
    assert status(standing, signed(standing.key, **more)) == 401


@pytest.mark.parametrize("kid", ["../../etc/passwd", "' or 1=1 --", "other", "", "\x00", 7])
def test_the_key_named_by_the_token_must_be_ours(standing: Service, kid: object) -> None:
    """A kid is looked up among our keys and nowhere else."""
    header, payload, signature = signed(standing.key).split(".")
    forged = part({"alg": "Ed25519", "kid": kid})
    assert status(standing, f"{forged}.{payload}.{signature}") == 401
    assert header


@pytest.mark.parametrize(
    "left", [b"", b"{", b"[]", b"{}", b"null", b'{"kty": "oct", "k": "AA"}', b"\xff"]
)
def test_a_file_that_holds_no_key_is_said_to_be_malformed(tmp_path: Path, left: bytes) -> None:
    """Such as one that a crash left empty; it is never made anew in silence."""
    (tmp_path / "tokens.key").touch(0o600)
    (tmp_path / "tokens.key").write_bytes(left)
    with pytest.raises(KeyFileMalformed):
        office_key(tmp_path)
    assert (tmp_path / "tokens.key").read_bytes() == left


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """Whoever reads it signs tokens for anybody."""
    made = office_key(tmp_path)
    assert (tmp_path / "tokens.key").stat().st_mode & 0o777 == 0o600
    assert office_key(tmp_path).as_dict() == made.as_dict()
    (tmp_path / "tokens.key").chmod(0o644)
    with pytest.raises(KeyFileExposed):
        office_key(tmp_path)


def test_a_key_inside_the_token_is_not_used(standing: Service, tmp_path: Path) -> None:
    """Neither jwk nor jku nor x5u of a header can bring a key."""
    folder = tmp_path / "attacker"
    folder.mkdir()
    own = office_key(folder)
    public = own.as_dict(private=False)
    for header in (
        {"jwk": public},
        {"jku": "https://evil.test/keys"},
        {"x5u": "https://evil.test"},
    ):
        forged = f"{part({'alg': 'Ed25519', 'kid': own.kid} | header)}.{part(claims())}"
        signature = signed(own).rpartition(".")[2]
        assert status(standing, f"{forged}.{signature}") == 401


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "a" * 5000, "\u00e9.x.y", part({}), "null.null.null"]
)
def test_what_is_no_token_is_refused(standing: Service, token: str) -> None:
    """Nothing that is no token makes an error of ours."""
    header = {b"Authorization": b"Bearer " + token.encode()}
    answer = standing.call().get("/views", headers=header)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_providers_token_is_no_local_one(service: Service, tmp_path: Path) -> None:
    """Each issuer has its own keys: those of one do not sign for the other."""
    folder = tmp_path / "provider"
    folder.mkdir()
    provider = RSAKey.generate_key(2048, auto_kid=True)
    jwks = folder / "jwks.json"
    jwks.write_text(json.dumps(KeySet([provider]).as_dict(private=False)), encoding="utf-8")
    trusts = [local_trust(service.key), provider_trust("https://id.test", "guanjia", jwks)]
    header = {"alg": "RS256", "kid": provider.kid}
    theirs = claims(iss="https://id.test", sub="desk1")
    good = jwt.encode(header, theirs, provider, algorithms=["RS256"])
    assert account_of(good, trusts) == "desk1"
    service.app = create_app(service.office, trusts)
    assert status(service, good) == 200
    ours = jwt.encode(header, claims(), provider, algorithms=["RS256"])
    assert status(service, ours) == 401
    assert status(service, signed(service.key, iss="https://id.test")) == 401


def test_a_token_cannot_be_made_for_ever(standing: Service) -> None:
    """A local token lives a day at most."""
    for lifetime in (timedelta(hours=25), timedelta(0), timedelta(hours=-1)):
        with pytest.raises(ValueError, match="a token lives"):
            issue(standing.key, "gm1", lifetime)


def test_nothing_is_open_to_nobody(standing: Service) -> None:
    """Every operation wants a token, but those for whoever runs it and the pages of the codes."""
    nobody, paths = standing.call(), standing.app.openapi()["paths"]
    free = {"/health/live", "/health/ready", "/metrics", "/problems/{code}"}
    asked = [(path, method) for path in paths.keys() - free for method in paths[path]]
    assert len(asked) > 100
    for path, method in asked:
        url = path.replace("{complaint}", "N-1").replace("{name}", "sla")
        assert nobody.request(method, url, json={}).status_code == 401
