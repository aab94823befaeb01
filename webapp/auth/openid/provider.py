"""Signing in through an OpenID Connect provider: the code flow with PKCE, state and nonce.

https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth and RFC 7636, 9207, 9700.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Any

from authlib.integrations.requests_client.oauth2_session import OAuth2ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import KeySet

from webapp.auth.openid.answers import Metadata, Token, keys_of, metadata_of, read, token_of
from webapp.auth.openid.asking import Asker, Exchange
from webapp.auth.openid.cache import CachedAnswer
from webapp.auth.openid.id_tokens import UnknownKey, claims_in
from webapp.auth.openid.refusals import SignInRefused, unusable
from webapp.http.transport import Bearer
from webapp.settings import Oidc
from webapp.store.reading import Clock

SCOPE = "openid profile email"
LONGEST_CODE = 8192
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


@dataclass(frozen=True)
class StartedSignIn:
    """A sign-in on its way: the provider's `address`, and what the browser has to bring back from there."""

    address: str
    kept: dict[str, str]


class Provider:
    """One OpenID provider. `answer_at` is the address that it sends people back to."""

    def __init__(self, oidc: Oidc, answer_at: str, asker: Asker, clock: Clock) -> None:
        self._oidc = oidc
        self._answer_at = answer_at
        self._asker = asker
        self._metadata = CachedAnswer(self._ask_for_metadata, clock)
        self._keys = CachedAnswer(self._ask_for_keys, clock)

    def begin(self) -> StartedSignIn:
        """Prepare a sign-in. Raises `SignInRefused` when the provider can't be reached, or is another one."""
        metadata = self._metadata.fresh()
        if metadata is None:
            with self._asker.exchange() as exchange:
                metadata = self._metadata.get(exchange)
        kept = {name: token_urlsafe(32) for name in ("state", "nonce", "code_verifier")}
        address = prepare_grant_uri(
            metadata.authorization_endpoint,
            self._oidc.client_id,
            "code",
            self._answer_at,
            SCOPE,
            kept["state"],
            nonce=kept["nonce"],
            code_challenge=create_s256_code_challenge(kept["code_verifier"]),
            code_challenge_method="S256",
        )
        return StartedSignIn(address, kept)

    def finish(self, kept: Mapping[str, str] | None, answer: Mapping[str, str]) -> Mapping[str, Any]:
        """Check what came back, and give the provider's claims about the person. Raises `SignInRefused`."""
        if not kept or not compare_digest(kept["state"].encode(), answer.get("state", "").encode()):
            raise SignInRefused("state")
        if answer.get("iss", self._oidc.issuer) != self._oidc.issuer:
            raise SignInRefused("identity")
        if "error" in answer or "code" not in answer:
            raise SignInRefused("denied")
        if len(answer["code"]) > LONGEST_CODE:
            raise SignInRefused("code")
        with self._asker.exchange() as exchange:
            metadata, keys = self._metadata.get(exchange), self._keys.get(exchange)
            token = self._redeem(exchange, metadata, answer["code"], kept["code_verifier"])
            claims = self._proved(exchange, token, keys, kept["nonce"])
            if self._oidc.role_claim.split(".")[0] not in claims and metadata.userinfo_endpoint:
                claims = more_about(claims, exchange, metadata.userinfo_endpoint, token)
        return claims

    def _ask_for_metadata(self, exchange: Exchange) -> Metadata:
        url = f"{self._oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
        return metadata_of(read(*exchange.ask("GET", url), "what it says of itself"), self._oidc.issuer)

    def _ask_for_keys(self, exchange: Exchange) -> KeySet:
        return keys_of(read(*exchange.ask("GET", self._metadata.get(exchange).jwks_uri), "its keys"))

    def _redeem(self, exchange: Exchange, metadata: Metadata, code: str, verifier: str) -> Token:
        form = prepare_token_request(
            "authorization_code", redirect_uri=self._answer_at, code=code, code_verifier=verifier
        )
        client = OAuth2ClientAuth(self._oidc.client_id, self._oidc.client_secret, metadata.client_auth)
        return token_of(*exchange.ask("POST", metadata.token_endpoint, data=form, headers=FORM, auth=client))

    def _proved(self, exchange: Exchange, token: Token, keys: KeySet, nonce: str) -> dict[str, Any]:
        try:
            return claims_in(token, keys, self._oidc, nonce)
        except UnknownKey:
            # The provider may have begun to sign with another key.
            keys = self._keys.newer(exchange, keys)
        try:
            return claims_in(token, keys, self._oidc, nonce)
        except UnknownKey:
            raise SignInRefused("identity") from None


def more_about(claims: dict[str, Any], exchange: Exchange, endpoint: str, token: Token) -> dict[str, Any]:
    """The claims with those that the provider tells only when it is asked (userinfo), if of the same person."""
    if token.access is None:
        raise unusable("there is no access token to ask for more about somebody with")
    more = read(*exchange.ask("GET", endpoint, auth=Bearer(token.access)), "more about somebody")
    if more.get("sub") != claims["sub"]:
        raise SignInRefused("identity")
    return {**more, **claims}
