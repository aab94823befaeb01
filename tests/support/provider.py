"""An OpenID provider on a real socket that answers whatever a test wants it to."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc.jwk import ECKey, Key
from joserfc.jws import serialize_compact

from support.pages import Browser, Page

CLIENT, SECRET = "slipway", "the secret of the client"
CONFIGURATION = "/.well-known/openid-configuration"
PATHS = {"configuration": CONFIGURATION, "keys": "/keys", "token": "/token", "userinfo": "/userinfo"}
Reply = tuple[int, dict[str, str], bytes]


class StubProvider:
    """Right in everything at first. `replies` are whole answers in the place of those under these names."""

    def __init__(self) -> None:
        self.forget()
        self.gate = threading.Event()
        self.gate.set()
        self.waiting = self.most_waiting = 0
        self.changed = threading.Condition()
        self.server = QuietServer(("127.0.0.1", 0), handler_for(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def forget(self) -> None:
        """Be right in everything again."""
        self.name_key("first")
        self.replies: dict[str, Reply] = {}
        self.metadata: dict[str, Any] = {}
        self.token: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.nonce = ""
        self.asked: list[str] = []

    def name_key(self, kid: str) -> None:
        """Sign with a new key from now on."""
        self.key: Key = ECKey.generate_key("P-256", {"kid": kid, "use": "sig"}, private=True)

    def close(self) -> None:
        self.gate.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def until_waiting(self, count: int) -> None:
        """Wait until so many requests are held back."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.waiting >= count, 30), f"{self.waiting} came"

    def reply(self, path: str) -> Reply:
        """What is answered at a path, once the gate is open."""
        with self.changed:
            self.asked.append(path)
            self.waiting += 1
            self.most_waiting = max(self.most_waiting, self.waiting)
            self.changed.notify_all()
        self.gate.wait(30)
        with self.changed:
            self.waiting -= 1
        name = next(name for name, own in PATHS.items() if own == path)
        return self.replies.get(name) or document(getattr(self, f"_{name}")())

    def _configuration(self) -> dict[str, Any]:
        right = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        }
        return present(right | self.metadata)

    def _keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def _token(self) -> dict[str, Any]:
        id_token = "" if "id_token" in self.token else self.signed()
        return present({"access_token": "access", "token_type": "Bearer", "id_token": id_token} | self.token)

    def _userinfo(self) -> dict[str, Any]:
        return {"sub": "ada", "groups": ["slipway-editors"]}

    def signed(self, key: Key | None = None) -> str:
        """The ID token, with its header and claims as the test has changed them."""
        now = int(time())
        right = {"iss": self.issuer, "sub": "ada", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": self.nonce}
        claims = present(right | {"name": "Ada", "groups": ["slipway-editors"]} | self.claims)
        return self.sign(json.dumps(claims).encode(), key)

    def sign(self, payload: bytes, key: Key | None = None) -> str:
        """Any text, signed as an ID token is."""
        header = {"typ": "JWT", "alg": "ES256", "kid": self.key.kid, **self.header}
        return serialize_compact(header, payload, key or self.key, algorithms=[header["alg"]])

    def begin(self, browser: Browser) -> str | Page:
        """Begin to sign in; gives the address that the provider leads back to, or the page that says why not."""
        answer = browser.client.get("/sign-in/oidc", base_url=browser.url, buffered=True)
        if answer.status_code != 302:
            return Page(browser, "/sign-in/oidc", answer)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
        self.nonce = asked["nonce"]
        back = {"state": asked["state"], "iss": self.issuer, "code": "a code"}
        return f"/sign-in/oidc/answer?{urlencode(back)}"

    def sign_in(self, browser: Browser) -> Page:
        """Sign in, as far as it goes."""
        begun = self.begin(browser)
        return begun if isinstance(begun, Page) else browser.get(begun)


class Missing:
    """Stands for a member that is left out."""

    def __repr__(self) -> str:
        # The same in each process, since it names tests.
        return "nothing"


MISSING = Missing()


def present(members: dict[str, Any]) -> dict[str, Any]:
    """The members that are not left out."""
    return {name: value for name, value in members.items() if value is not MISSING}


def document(found: Any) -> Reply:
    """An answer with JSON in it; bytes go as they are."""
    return 200, {"Content-Type": "application/json"}, found if isinstance(found, bytes) else json.dumps(found).encode()


class QuietServer(ThreadingHTTPServer):
    """Many connections at once, ended without waiting for idle ones."""

    request_queue_size = 256
    daemon_threads = True
    block_on_close = False


def handler_for(provider: StubProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            status, headers, body = provider.reply(self.path.split("?")[0])
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
