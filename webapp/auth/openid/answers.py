"""The OpenID provider's answers: their shape is checked before anything uses what is in them.

https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata, RFC 7517 (keys), RFC 6749, 5 (tokens).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

from webapp.auth.openid.refusals import SignInRefused, unusable
from webapp.http.errors import BadAnswer
from webapp.http.reading import check_depth, refuse_constant
from webapp.settings import is_loopback

OK = 200
LONGEST_ADDRESS = 2000
LONGEST_ACCESS_TOKEN = 16_384
MOST_KEYS = 100
BASIC, POST = "client_secret_basic", "client_secret_post"
# The kinds of keys of which the provider keeps one half to itself.
KEY_TYPES = ("RSA", "EC", "OKP")
KEY_MEMBERS = ("kid", "use", "alg", "crv", "n", "e", "x", "y")
VISIBLE = re.compile(r"[!-~]+")


@dataclass(frozen=True)
class Metadata:
    """Where the provider has what, and how it wants to be told the client's secret."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    client_auth: str


@dataclass(frozen=True)
class Token:
    """What was given for a code. The access token is None where it can't be used."""

    identity: str
    access: str | None


def object_of(body: bytes) -> dict[str, Any]:
    """Read a JSON object. Raises `ValueError` for anything else."""
    try:
        # Some write a byte-order mark before it.
        found = json.loads(body.decode("utf-8-sig"), parse_constant=refuse_constant)
        check_depth(found)
    except (RecursionError, BadAnswer):
        raise ValueError("it is nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")
    return found


def read(status: int, body: bytes, what: str) -> dict[str, Any]:
    """The JSON object in an answer. Raises `SignInRefused`."""
    if status != OK:
        raise unusable(f"{what} came with the status {status}")
    try:
        return object_of(body)
    except ValueError:
        raise unusable(f"{what}: no JSON object") from None


def metadata_of(found: Mapping[str, Any], issuer: str) -> Metadata:
    """What a provider says of itself. Raises `SignInRefused`, also when it is another than in the settings."""
    if found.get("issuer") != issuer:
        raise SignInRefused("identity")
    needed = {name: address(found, name, issuer) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    more = None if found.get("userinfo_endpoint") is None else address(found, "userinfo_endpoint", issuer)
    ways = found.get("token_endpoint_auth_methods_supported")
    return Metadata(
        **needed, userinfo_endpoint=more, client_auth=POST if isinstance(ways, list) and BASIC not in ways else BASIC
    )


def address(found: Mapping[str, Any], name: str, issuer: str) -> str:
    """One of the provider's addresses: https, or like the issuer on this computer. Raises `SignInRefused`."""
    text = found.get(name)
    if not isinstance(text, str) or not is_address(text, plain=issuer.startswith("http:")):
        raise unusable(f"{name} is not an https address")
    return text


def is_address(text: str, plain: bool) -> bool:
    """Whether a text is an https address, or where that is allowed a `plain` one of this computer."""
    if len(text) > LONGEST_ADDRESS or not VISIBLE.fullmatch(text) or set(text) & set('\\#"<>'):
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        host.encode("idna")
        valid = bool(host) and "@" not in parts.netloc and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return valid and (parts.scheme == "https" or (plain and parts.scheme == "http" and is_loopback(host)))


def keys_of(found: Mapping[str, Any]) -> KeySet:
    """The keys that identities are signed with; what is no such key is passed over. Raises `SignInRefused`."""
    listed = found.get("keys")
    keys = [key for each in (listed if isinstance(listed, list) else [])[:MOST_KEYS] if (key := key_of(each))]
    if not keys:
        raise unusable("there is no key that an identity could be signed with")
    return KeySet(keys)


def key_of(found: Any) -> Key | None:
    """One public key, or None for anything else (RFC 7517, 5: keys that are not understood are ignored)."""
    if not isinstance(found, dict) or found.get("kty") not in KEY_TYPES:
        return None
    texts = {name: found[name] for name in KEY_MEMBERS if found.get(name) is not None}
    if not all(isinstance(text, str) and text.isascii() for text in texts.values()):
        return None
    try:
        key = JWKRegistry.import_key({"kty": found["kty"], **texts})
        # It is made only now.
        assert key.raw_value
    except (JoseError, ValueError, KeyError):
        return None
    return key


def token_of(status: int, body: bytes) -> Token:
    """What was given for a code. Raises `SignInRefused`."""
    try:
        found = object_of(body)
    except ValueError:
        raise unusable("the answer to a code: no JSON object") from None
    error, identity, access = (found.get(name) for name in ("error", "id_token", "access_token"))
    if error == "invalid_grant":
        raise SignInRefused("code")
    if error is not None or status != OK:
        raise unusable(f"the answer to a code came with the status {status} and the error {str(error)[:100]!a}")
    if not isinstance(identity, str):
        raise unusable("the answer to a code has no id_token")
    usable = isinstance(access, str) and len(access) <= LONGEST_ACCESS_TOKEN and VISIBLE.fullmatch(access)
    return Token(identity, access if usable else None)
