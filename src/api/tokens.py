"""Bearer tokens: who calls. What the caller may do comes from the roster, never from the token.

Tokens are JWTs (RFC 7519). The office's own are signed with its key file by Ed25519 (RFC 9864);
those of a company's identity provider are checked against its JWKS.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from ..storage.errors import KeyFileExists, KeyFileMalformed
from ..storage.keys import read_secret, write_secret
from .errors import TokenInvalid

KEY = "tokens.key"
AUDIENCE = "guanjia"
ISSUER = "guanjia"
LOCAL = ("Ed25519",)
PROVIDERS = ("Ed25519", "ES256", "RS256")
"""Signatures accepted of an identity provider; never a shared secret, never none."""
LONGEST = timedelta(hours=24)
LONGEST_TOKEN = 4_096


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose tokens are accepted: issuer, audience, keys, signatures, and the account's claim."""

    issuer: str
    audience: str
    keys: KeySet
    algorithms: Collection[str]
    account_claim: str = "sub"


def office_key(folder: Path) -> OKPKey:
    """Return the key that signs a data folder's tokens; made, mode 0600, at the first need.

    Whoever removes the file ends every token. Raises KeyFileExposed or KeyFileMalformed.
    """
    path = folder / KEY
    with suppress(KeyFileExists):
        made = OKPKey.generate_key("Ed25519", private=True, auto_kid=True)
        write_secret(path, json.dumps(made.as_dict(private=True)).encode())
    try:
        key: OKPKey = OKPKey.import_key(json.loads(read_secret(path)))
    except (ValueError, TypeError, JoseError):
        msg = f"{path} holds no key; remove it, and the next need makes another one"
        raise KeyFileMalformed(msg) from None
    return key


def local_trust(key: OKPKey) -> Trust:
    """Return the trust in the office's own tokens."""
    return Trust(ISSUER, AUDIENCE, KeySet([key]), LOCAL)


def provider_trust(issuer: str, audience: str, jwks: Path, account_claim: str = "sub") -> Trust:
    """Return the trust in an identity provider's tokens; ``jwks`` is its file of keys."""
    keys = KeySet.import_key_set(json.loads(jwks.read_text(encoding="utf-8")))
    return Trust(issuer, audience, keys, PROVIDERS, account_claim)


def issue(
    key: OKPKey, account: str, lifetime: timedelta, now: Callable[[], float] = time.time
) -> str:
    """Return a token for an account, valid for ``lifetime`` (at most a day)."""
    if not timedelta() < lifetime <= LONGEST:
        msg = f"a token lives at most {LONGEST}"
        raise ValueError(msg)
    issued_at = int(now())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": account,
        "iat": issued_at,
        "exp": issued_at + int(lifetime.total_seconds()),
    }
    header = {"alg": LOCAL[0], "kid": key.kid}
    return jwt.encode(header, claims, key, algorithms=list(LOCAL))


def account_of(token: str, trusts: Collection[Trust], now: Callable[[], float] = time.time) -> str:
    """Return the account a token speaks for; raises ``TokenInvalid`` whatever is wrong with it."""
    if len(token) <= LONGEST_TOKEN:
        for trust in trusts:
            account = _checked(token, trust, now)
            if account:
                return account
    raise TokenInvalid


def _checked(token: str, trust: Trust, now: Callable[[], float]) -> str | None:
    registry = jwt.JWTClaimsRegistry(
        now=lambda: int(now()),
        iss={"essential": True, "value": trust.issuer},
        aud={"essential": True, "value": trust.audience},
        exp={"essential": True},
    )
    try:
        decoded = jwt.decode(token, trust.keys, algorithms=list(trust.algorithms))
        registry.validate(decoded.claims)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    account = decoded.claims.get(trust.account_claim)
    return account if isinstance(account, str) else None
