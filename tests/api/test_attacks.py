"""What somebody who means harm would try: each is one test."""

from __future__ import annotations

import base64
import json
import logging
import time
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey, RSAKey

from guanjia.api import create_app, issue, local_trust, office_key, provider_trust
from guanjia.api.commands import example, routes
from guanjia.api.observing import JsonLines
from guanjia.api.tokens import account_of
from guanjia.domain.catalogue import COMMANDS
from tests.spec import moment

from .conftest import PHONE, RECEIVED, Service
from .test_questions import filled

BIDI = "\u202etxt\u2066"
JSON = {"Content-Type": "application/json"}


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


@pytest.mark.parametrize("field", ["by", "post", "person", "recorded_at", "imported", "actor"])
def test_who_and_when_cannot_be_in_a_body(standing: Service, field: str) -> None:
    """The envelope is the token's and the clock's; a body that brings it is refused."""
    value = "2025-01-01T00:00:00+08:00" if field == "recorded_at" else "gm1"
    desk = standing.call("desk1")
    for url, body in (
        ("/complaints", RECEIVED),
        ("/commands", {"do": "receive_complaint"} | RECEIVED),
    ):
        answer = desk.post(url, json=body | {field: value})
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert standing.office.query("cases").rows() == []


def test_a_head_of_before_has_no_rights_by_an_old_time(service: Service) -> None:
    """Somebody who was moved cannot act with the post or the centre of before."""
    service.received()
    service.now = moment("2026-01-06 09:00")
    service.run("transfer_staff", None, staff="head1", centre="south")
    head = service.call("head1")
    early = {"at": "2026-01-05T10:00:00+08:00"}
    answer = head.post("/complaints/N-1/sensitivity", json={"reason": "-"} | early)
    assert (answer.status_code, answer.json()["code"]) == (403, "posted_elsewhere")
    assert head.get("/complaints/N-1").status_code == 404


def test_nothing_of_another_centre_is_changed(service: Service) -> None:
    """Each command about what is north's is refused to the posts of south, and records nothing."""
    filled(service)
    position = service.office.application.store.last_position()
    for account in ("head2", "desk2"):
        south = service.call(account)
        for do, path in routes().items():
            fields = example(COMMANDS[do])
            body = {name: value for name, value in fields.items() if f"{{{name}}}" not in path}
            answer = south.post(path.format_map(fields), json=body)
            assert 400 <= answer.status_code < 500, (do, answer.text)
            assert answer.status_code != 422, (do, answer.text)
    assert service.office.application.store.last_position() == position


def test_nothing_of_another_centre_is_told(service: Service) -> None:
    """Its records, events and clear values are as if they were not there."""
    filled(service)
    south = service.call("head2")
    for kind in ("complaint", "unit", "key", "permit", "parcel"):
        for url in (f"/{kind}s/{IDS[kind]}", f"/{kind}s/{IDS[kind]}/events"):
            assert south.get(url).json()["code"] == f"unknown_{kind}"
        asked = {"about": [{"kind": kind, "id": IDS[kind]}], "fields": ["name"]}
        answer = south.post("/disclosures", json=asked | {"purpose": "callback"})
        assert (answer.status_code, answer.json()["detail"]) == (403, "other_centre")


def test_a_key_does_not_answer_for_another_command(service: Service) -> None:
    """An idempotency key with another body is refused, and another account's is its own."""
    desk = service.call("desk1", **{"Idempotency-Key": "k-1"})
    assert desk.post("/complaints", json=RECEIVED).status_code == 201
    other = desk.post("/complaints", json=RECEIVED | {"complaint": "N-2"})
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    stranger = service.call("duty1", **{"Idempotency-Key": "k-1"})
    assert stranger.post("/complaints", json=RECEIVED).json()["code"] == "duplicate_complaint"


def test_no_filter_tells_digits_of_a_phone(service: Service) -> None:
    """No view has a column to ask about a phone; a wrong guess looks like a right one."""
    service.received()
    gm = service.call("gm1")
    for name in ("phone", "contact", "contact.phone", "text", "ref", "name"):
        for guess in (PHONE, "138", "139", "138%"):
            answer = gm.get("/views/cases", params={name: guess})
            assert (answer.status_code, answer.json()["code"]) == (422, "unknown_filter")
    for view in gm.get("/views").json():
        text = gm.get(f"/views/{view['name']}", headers={"Accept": "text/csv"}).text
        assert PHONE not in text
        assert "张三" not in text


SQL = ["' or '1'='1", "north'; drop table meta; --", '" or 1=1 --', "$position", "%", "*", "\x00"]
IDS = {
    "complaint": "N-1",
    "unit": "U1",
    "resident": "R1",
    "key": "K1",
    "permit": "P1",
    "parcel": "E1",
    "name": "sla",
}


def test_sql_in_a_filter_is_only_text(service: Service) -> None:
    """As a value it finds nothing, as a column there is none of that name."""
    service.received()
    gm = service.call("gm1")
    for sql in SQL:
        for column in ("centre", "month", "unit", "complaint", "subject"):
            answer = gm.get("/views/sla", params={column: sql})
            assert answer.status_code == 422 or answer.json()["rows"] == []
        for name in (sql, f"centre{sql}", f'centre" = 1 or "{sql}'):
            assert gm.get("/views/sla", params={name: "north"}).json()["code"] == "unknown_filter"
    assert len(gm.get("/views/cases").json()["rows"]) == 1


def test_sql_in_any_parameter_is_only_text(service: Service) -> None:
    """Wherever it is put in a question it is refused or finds nothing, and changes nothing."""
    filled(service)
    gm, position = service.call("gm1"), service.office.application.store.last_position()
    asked = 0
    for path, operations in service.app.openapi()["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", ()):
            for sql in SQL[:3]:
                put = {**IDS, parameter["name"]: quote(sql, safe="")}
                url = path.format_map(defaultdict(lambda: "1", put))
                given = {parameter["name"]: sql} if parameter["in"] == "query" else {}
                answer = gm.get(url, params=given)
                assert answer.status_code < 500, (url, given)
                asked += 1
    assert asked > 150
    assert service.office.application.store.last_position() == position
    assert len(gm.get("/views/cases").json()["rows"]) == 3


def test_no_parameter_hides_another(standing: Service) -> None:
    """A centre given twice is refused rather than one of them chosen."""
    answer = standing.call("desk1").get("/views/cases?centre=north&centre=south")
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_a_large_body_is_refused(standing: Service) -> None:
    """10 MB are not read, whether the length is said or not."""
    large = b'{"text": "' + b"x" * 10_000_000 + b'"}'
    desk = standing.call("desk1", **JSON)
    for content in (large, iter([large[:5_000_000], large[5_000_000:]])):
        answer = desk.post("/complaints", content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


BAD_JSON = {
    "deep": "[" * 200 + "]" * 200,
    "deeper": "[" * 100_000,
    "deep objects": '{"a":' * 30 + "1" + "}" * 30,
    "a name twice": '{"complaint": "N-1", "complaint": "N-2"}',
    "a name twice inside": '{"contact": {"phone": "1", "phone": "2"}}',
    "NaN": '{"complaint": NaN}',
    "Infinity": '{"complaint": -Infinity}',
    "beyond infinity": '{"complaint": 1e999}',
    "a huge number": '{"complaint": ' + "9" * 5000 + "}",
    "half a character": '{"complaint": "\\ud800"}',
    "a comment": '{"complaint": 1} // x',
    "two values": "{} {}",
    "nothing": "",
    "no text": "\udcff",
}


@pytest.mark.parametrize("name", BAD_JSON)
def test_json_is_strict(standing: Service, name: str) -> None:
    """What two readers could read differently, or that only costs time, is refused."""
    content = BAD_JSON[name].encode(errors="surrogateescape")
    for url in ("/complaints", "/commands", "/disclosures", "/look-ups", "/sql"):
        answer = standing.call("desk1", **JSON).post(url, content=content)
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "json"])
def test_a_body_of_another_kind_is_refused(standing: Service, kind: str) -> None:
    """A form of another site, which a browser sends unasked, is no command."""
    headers = {"Content-Type": kind} if kind else {}
    answer = standing.call("desk1").post(
        "/complaints", content=json.dumps(RECEIVED), headers=headers
    )
    assert answer.status_code == 422


def test_a_log_holds_nothing_of_what_was_sent(
    standing: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Line ends, bidirectional marks and phone numbers of a request do not get into a log."""
    caplog.set_level(logging.DEBUG, "guanjia")
    evil = {"X-Request-Id": f"abc {PHONE}", "User-Agent": f"x\t{PHONE}"}
    call = standing.call("desk1", **evil)
    call.get(f"/complaints/{PHONE}%0d%0afake")
    call.get("/complaints/" + BIDI)
    call.get(f"/views/cases?unit={PHONE}%0Afake")
    call.get(f"/{PHONE}")
    call.post("/complaints", json={"text": PHONE, PHONE: BIDI})
    call.request(PHONE, "/views")
    lines = [JsonLines().format(record) for record in caplog.records if "guanjia" in record.name]
    assert len(lines) == 6
    for line in lines:
        assert json.loads(line)["route"] in (
            "/complaints/{id}",
            "/views/{name}",
            "/complaints",
            "none",
            "/views",
        )
        assert line.isprintable()
        assert line.isascii()
        assert PHONE not in line
        assert "fake" not in line


def test_an_answer_never_repeats_what_was_sent(standing: Service) -> None:
    """A refusal tells where a value is wrong, not the value."""
    desk = standing.call("desk1")
    sent = [
        desk.post("/complaints", json=RECEIVED | {"channel": PHONE}),
        desk.post("/complaints", json=RECEIVED | {PHONE: 1}),
        desk.post("/complaints", json=RECEIVED | {"contact": {"name": "n", PHONE: 1}}),
        desk.post("/commands", json={"do": "receive_complaint", "channel": PHONE}),
        desk.post("/commands", json={"do": "receive_complaint", PHONE: 1}),
        desk.get("/views/cases", params={"as_of": PHONE}),
        desk.get("/views/cases", params={PHONE: "1"}),
        desk.get(f"/views/{PHONE}"),
        desk.post("/disclosures", json={"purpose": PHONE}),
        desk.post("/look-ups", json={"phone": PHONE * 5}),
        desk.post("/look-ups", json={"phone": PHONE, PHONE: 1}),
        standing.call("gm1").post("/sql", json={"sql": f"select {PHONE} from '{PHONE}'"}),
    ]
    for answer in sent:
        assert 400 <= answer.status_code < 500
        assert PHONE not in answer.text


def test_nothing_is_answered_from_a_cache_after_the_right_ended(service: Service) -> None:
    """No answer may be kept, and who left or moved is refused or sees the new place at once."""
    service.received()
    desk = service.call("desk1")
    before = desk.get("/complaints/N-1")
    assert before.headers["Cache-Control"] == "no-store"
    service.run("transfer_staff", None, staff="desk1", centre="south")
    seen = {"If-None-Match": before.headers["ETag"]}
    assert desk.get("/complaints/N-1", headers=seen).status_code == 404
    assert desk.get("/views/cases").json()["rows"] == []
    service.run("staff_leaves", None, staff="desk1")
    for url in ("/complaints/N-1", "/views/cases", "/views"):
        assert desk.get(url, headers=seen).status_code == 401
    assert desk.post("/complaints", json=RECEIVED | {"complaint": "N-9"}).status_code == 401


def test_every_answer_has_safe_headers(standing: Service) -> None:
    """Also refusals, unknown paths and errors: not to be framed, sniffed, cached or shared."""
    desk = standing.call("desk1", Origin="https://evil.test")
    answers = [desk.get("/views"), desk.get("/none"), desk.put("/views"), desk.options("/views")]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_nothing_is_open_to_nobody(standing: Service) -> None:
    """Every operation wants a token, but those for whoever runs it and the pages of the codes."""
    nobody, paths = standing.call(), standing.app.openapi()["paths"]
    free = {"/health/live", "/health/ready", "/metrics", "/problems/{code}"}
    asked = [(path, method) for path in paths.keys() - free for method in paths[path]]
    assert len(asked) > 100
    for path, method in asked:
        url = path.replace("{complaint}", "N-1").replace("{name}", "sla")
        assert nobody.request(method, url, json={}).status_code == 401


def test_an_error_of_ours_tells_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong inside, the caller gets a number to ask about, and the log no value."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(PHONE)

    monkeypatch.setattr(service.office.views, "query", broken)
    answer = service.call("desk1").get("/views/cases")
    assert answer.json()["instance"] == answer.headers["X-Request-Id"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert PHONE not in answer.text
    ours = [JsonLines().format(r) for r in caplog.records if r.name.startswith("guanjia")]
    assert PHONE not in "".join(ours)
    assert '"error": "RuntimeError"' in "".join(ours)
