"""Signing in through an OpenID Connect provider: the code flow with PKCE, state and nonce.

https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth and RFC 7636, 9207, 9700.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from requests import RequestException

from webapp.settings import Oidc

SECONDS = 10
SCOPE = "openid profile email"


REFUSALS = {
    "denied": "The provider did not let you in, or you did not want it to",
    "state": "This sign-in was used already, or was begun in another browser: begin it again here",
    "code": "The provider does not know this sign-in any more: begin it again",
    "identity": "The provider's answer does not prove who you are",
    "provider": "The provider can't be reached now: try again in a moment",
    "no role": "You are known, but have no role here: ask whoever looks after Slipway for one",
    "disabled": "You may not sign in here any more: ask an administrator",
}


class SignInRefused(Exception):
    """Somebody could not be signed in: the `reason`, as the record names it; as a text, a sentence for them."""

    def __init__(self, reason: str) -> None:
        super().__init__(REFUSALS[reason])
        self.reason = reason


@dataclass(frozen=True)
class Begun:
    """A sign-in on its way: the provider's `address`, and what the browser has to bring back from there."""

    address: str
    kept: dict[str, str]


class Session(OAuth2Session):  # type: ignore[misc]
    """Asks the provider, and follows it nowhere else: a redirect would carry the client's secret along."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.max_redirects = 0


class App(OAuth2Mixin, OpenIDMixin, BaseApp):  # type: ignore[misc]
    """Authlib's client, without a web framework: what has to be remembered is our own business."""

    client_cls = Session


class Provider:
    """One OpenID provider. `answer_at` is the address that it sends people back to."""

    def __init__(self, oidc: Oidc, answer_at: str) -> None:
        self._oidc = oidc
        self._answer_at = answer_at
        self._app = App(
            framework=None,
            client_id=oidc.client_id,
            client_secret=oidc.client_secret,
            server_metadata_url=f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": SCOPE, "code_challenge_method": "S256", "default_timeout": SECONDS},
        )

    def begin(self) -> Begun:
        """Prepare a sign-in. Raises `SignInRefused` when the provider can't be reached, or is another one."""
        self._look_up()
        begun = self._app.create_authorization_url(self._answer_at)
        return Begun(begun["url"], {name: begun[name] for name in ("state", "nonce", "code_verifier")})

    def finish(self, kept: Mapping[str, str] | None, answer: Mapping[str, str]) -> Mapping[str, Any]:
        """Check what came back, and give the provider's claims about the person. Raises `SignInRefused`."""
        if not kept or not compare_digest(kept["state"].encode(), answer.get("state", "").encode()):
            raise SignInRefused("state")
        if answer.get("iss", self._oidc.issuer) != self._oidc.issuer:
            raise SignInRefused("identity")
        if "error" in answer or "code" not in answer:
            raise SignInRefused("denied")
        self._look_up()
        token = self._redeem(answer["code"], kept["code_verifier"])
        return self._claims(token, kept["nonce"])

    def _look_up(self) -> None:
        try:
            found = self._app.load_server_metadata()
        except (RequestException, ValueError):
            raise SignInRefused("provider") from None
        if found.get("issuer") != self._oidc.issuer:
            self._app.server_metadata = {}
            raise SignInRefused("identity")
        if "client_secret_basic" not in found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            found["token_endpoint_auth_method"] = "client_secret_post"

    def _redeem(self, code: str, verifier: str) -> Any:
        try:
            return self._app.fetch_access_token(self._answer_at, code=code, code_verifier=verifier)
        except AuthlibBaseError:
            raise SignInRefused("code") from None
        except (RequestException, ValueError):
            raise SignInRefused("provider") from None

    def _claims(self, token: Any, nonce: str) -> Mapping[str, Any]:
        wanted = {
            "iss": {"essential": True, "value": self._oidc.issuer},
            "aud": {"essential": True, "value": self._oidc.client_id},
            "sub": {"essential": True},
        }
        try:
            claims = self._app.parse_id_token(token, nonce, claims_options=wanted)
            if claims is not None and self._oidc.role_claim.split(".")[0] not in claims:
                claims = self._with_more(dict(claims), token)
        except (JoseError, AuthlibBaseError, ValueError, KeyError, RuntimeError, TypeError):
            raise SignInRefused("identity") from None
        except RequestException:
            raise SignInRefused("provider") from None
        if claims is None or not isinstance(claims.get("sub"), str):
            raise SignInRefused("identity")
        return dict(claims)

    def _with_more(self, claims: dict[str, Any], token: Any) -> dict[str, Any]:
        """The claims with those that the provider tells only when it is asked (userinfo), if of the same person."""
        if "userinfo_endpoint" not in self._app.server_metadata:
            return claims
        more = self._app.userinfo(token=token)
        if more.get("sub") != claims["sub"]:
            raise ValueError("the provider tells about somebody else")
        return {**more, **claims}
