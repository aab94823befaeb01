"""A small OpenID provider, for trying Slipway's sign-in with no account: one chooses who one is.

It proves nothing, so it sends people back to this computer alone. https://openid.net/specs/openid-connect-core-1_0.html
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from ipaddress import ip_address
from secrets import token_urlsafe
from time import time
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.sandbox.codes import Issued
from webapp.sandbox.context import sandbox_context

CLIENT = "slipway"
SECRET = "sandbox"
LASTING = 300
GROUPS = {
    "ada": "slipway-administrators",
    "eddie": "slipway-editors",
    "cora": "slipway-contributors",
    "vera": "slipway-viewers",
}
NAMES = {
    "ada": "Ada Administrator",
    "eddie": "Eddie Editor",
    "cora": "Cora Contributor",
    "vera": "Vera Viewer",
    "olga": "Olga Outsider",
}

bp = Blueprint("openid", __name__)


@bp.context_processor
def common() -> dict[str, object]:
    """What every page needs."""
    return {**sandbox_context().style, "addresses": sandbox_context().addresses}


@bp.get("/.well-known/openid-configuration")
def configuration() -> Response:
    """Where everything is (OpenID Connect Discovery)."""
    return jsonify(
        issuer=issuer(),
        authorization_endpoint=address("authorize"),
        token_endpoint=address("token"),
        jwks_uri=address("keys"),
        response_types_supported=["code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["ES256"],
        code_challenge_methods_supported=["S256"],
        token_endpoint_auth_methods_supported=["client_secret_basic"],
        authorization_response_iss_parameter_supported=True,
    )


@bp.get("/authorize")
def authorize() -> str:
    """The page on which one chooses who one is, or goes back without."""
    wanted = asked()
    people = [(name, GROUPS.get(id, "in no group"), wanted | {"person": id}) for id, name in NAMES.items()]
    return render_template("sandbox/openid.html", people=people, wanted=wanted)


@bp.get("/answer")
def answer() -> AnyResponse:
    """Send somebody back, with a code for the one whom they have chosen, or with none."""
    wanted = asked()
    person = request.args.get("person", "")
    back = {"state": wanted["state"], "iss": issuer()}
    if person in NAMES:
        issued = Issued(person, wanted["client_id"], wanted["redirect_uri"], wanted["nonce"], wanted["code_challenge"])
        back["code"] = sandbox_context().codes.issue(issued)
    else:
        back["error"] = "access_denied"
    return redirect(f"{wanted['redirect_uri']}?{urlencode(back)}")


@bp.post("/token")
def token() -> Response:
    """A code for an identity, once."""
    who = request.authorization
    if who is None or (who.username, who.password) != (CLIENT, SECRET):
        return make_response(jsonify(error="invalid_client"), 401)
    issued = sandbox_context().codes.redeem(request.form.get("code", ""))
    if issued is None or not fits(issued):
        return make_response(jsonify(error="invalid_grant"), 400)
    return jsonify(access_token=token_urlsafe(16), token_type="Bearer", expires_in=LASTING, id_token=identity(issued))


@bp.get("/keys")
def keys() -> Response:
    """The key that identities are signed with."""
    return jsonify(keys=[{**sandbox_context().codes.key.as_dict(private=False), "use": "sig", "alg": "ES256"}])


def asked() -> dict[str, str]:
    """What a client asks for; anything that is missing or leads elsewhere is refused."""
    names = ("client_id", "redirect_uri", "state", "nonce", "code_challenge")
    wanted = {name: request.args.get(name, "") for name in names}
    if not all(wanted.values()) or wanted["client_id"] != CLIENT or request.args.get("response_type", "code") != "code":
        abort(400)
    try:
        returning_to = urlsplit(wanted["redirect_uri"])
        local = returning_to.hostname == "localhost" or ip_address(returning_to.hostname or "").is_loopback
    except ValueError:
        local = False
    return wanted if local and not returning_to.query else abort(400)


def fits(issued: Issued) -> bool:
    """Whether a code is redeemed by whom it was handed out to (RFC 7636)."""
    verifier = request.form.get("code_verifier", "").encode()
    challenge = urlsafe_b64encode(sha256(verifier).digest()).rstrip(b"=").decode()
    return challenge == issued.challenge and request.form.get("redirect_uri") == issued.returning_to


def identity(issued: Issued) -> str:
    """The signed claims about somebody (an ID token)."""
    # Loaded here, since few who try the sandbox try its provider.
    from joserfc import jwt

    now = int(time())
    key = sandbox_context().codes.key
    claims = {
        "iss": issuer(),
        "sub": issued.person,
        "aud": issued.client,
        "iat": now,
        "exp": now + LASTING,
        "nonce": issued.nonce,
        "name": NAMES[issued.person],
        "email": f"{issued.person}@example.com",
        "email_verified": True,
        "groups": [GROUPS[issued.person]] if issued.person in GROUPS else [],
    }
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key, algorithms=["ES256"])


def issuer() -> str:
    """How the provider calls itself: the address that it was asked at."""
    return address("configuration").removesuffix("/.well-known/openid-configuration")


def address(view: str) -> str:
    """The whole address of one of the provider's views."""
    return url_for(f"openid.{view}", _external=True)
