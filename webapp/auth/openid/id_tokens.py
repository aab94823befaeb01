"""ID tokens: who signed one, for whom, and whether it says what an ID token must.

https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
"""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from math import isfinite
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry, deserialize_compact

from webapp.auth.openid.answers import Token, object_of
from webapp.auth.openid.refusals import SignInRefused
from webapp.settings import Oidc

# Those with a public key, whatever the provider lists: what is signed with a shared one, anybody who has it could sign.
ALGORITHMS = (
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
    *("EdDSA", "Ed25519"),
)
LEEWAY_SECONDS = 120
LONGEST_SUBJECT = 255


class UnknownKey(Exception):
    """None of the keys is the one that a token names."""


def claims_in(token: Token, keys: KeySet, oidc: Oidc, nonce: str) -> dict[str, Any]:
    """What a token says of somebody, once it is proved. Raises `SignInRefused`, and `UnknownKey`."""
    try:
        header, payload = verified(token.identity, keys)
        claims = object_of(payload)
        check_types(claims)
        wanted = {
            "iss": {"essential": True, "value": oidc.issuer},
            "aud": {"essential": True, "value": oidc.client_id},
            "sub": {"essential": True},
        }
        known = {"nonce": nonce, "client_id": oidc.client_id, "access_token": token.access}
        CodeIDToken(claims, header, wanted, known).validate(leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError):
        raise SignInRefused("identity") from None
    return claims


def verified(identity: str, keys: KeySet) -> tuple[dict[str, Any], bytes]:
    """The header and the payload of a signed text. Raises `ValueError`, `JoseError` and `UnknownKey`."""
    head = identity.partition(".")[0]
    header = object_of(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    if header.get("alg") not in ALGORITHMS or not isinstance(header.get("kid", ""), str) or "crit" in header:
        raise ValueError("it is signed in no way that is believed")
    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    try:
        payload = deserialize_compact(identity.encode("ascii"), keys, registry=registry).payload
    except InvalidKeyIdError:
        raise UnknownKey from None
    return header, payload or b""


def check_types(claims: Mapping[str, Any]) -> None:
    """Raise `ValueError` unless the claims that decide anything are what they have to be."""
    subject, audience = claims.get("sub"), claims.get("aud")
    optional = (claims.get(name) for name in ("azp", "at_hash", "nonce", "iss"))
    right = (
        isinstance(subject, str) and is_name(subject),
        all(isinstance(each, str) for each in (audience if isinstance(audience, list) else [audience])),
        all(is_number(claims.get(name)) for name in ("exp", "iat")),
        all(claims.get(name) is None or is_number(claims[name]) for name in ("nbf", "auth_time")),
        all(each is None or isinstance(each, str) for each in optional),
    )
    if not all(right):
        raise ValueError("a claim is of the wrong type")


def is_name(subject: str) -> bool:
    """Whether a subject can be kept, and told from others."""
    return len(subject) <= LONGEST_SUBJECT and bool(subject.strip()) and subject.isprintable()


def is_number(value: Any) -> bool:
    """Whether a value is a time that comes or has come."""
    return type(value) is int or (type(value) is float and isfinite(value))
