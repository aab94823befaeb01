"""The sandbox as a whole: one state behind two fronts."""

from collections.abc import Mapping

from flask import Flask

from webapp.sandbox import api, openid, pages
from webapp.sandbox.addresses import Addresses
from webapp.sandbox.bridge import LARGEST_BODY
from webapp.sandbox.codes import Codes
from webapp.sandbox.context import SandboxContext
from webapp.sandbox.registry import Registry
from webapp.sandbox.seed import starting_state
from webapp.sandbox.server import OwnServer
from webapp.sandbox.state import Received
from webapp.sandbox.tokens import FULL


class Sandbox:
    """A simulated Buddy: `wsgi` is mounted at `public_url`, `start` serves the same on a port of its own. Beside it
    is a simulated `registry`, which `start_registry` serves on another port.

    `state.weather` says how Buddy behaves on its port, `state.registry_weather` how the registry does; `style` are the
    addresses of the pages' stylesheet and icon.
    """

    token = FULL.text

    def __init__(self, public_url: str, template_folder: str, style: Mapping[str, str]) -> None:
        self.state = starting_state()
        app = Flask(__name__, template_folder=template_folder, static_folder=None)
        app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
        # Odd slashes in a path are answered, not redirected: Buddy's clients follow no redirect.
        app.url_map.merge_slashes = app.url_map.strict_slashes = False
        app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
        app.extensions["sandbox"] = SandboxContext(self.state, Addresses(public_url), style, Codes())
        app.register_blueprint(api.bp, url_prefix="/api")
        app.register_blueprint(openid.bp, url_prefix="/openid")
        app.register_blueprint(pages.bp)
        self.wsgi = app.wsgi_app
        self.registry = Registry()
        self._servers: list[OwnServer] = []

    @property
    def received(self) -> tuple[Received, ...]:
        """The requests so far that wanted to change something, through either front, oldest first."""
        return self.state.received

    def start(self) -> str:
        """Serve on a free loopback port and give the address of the API there."""
        return f"{self._serve(OwnServer(self.wsgi, lambda: self.state.weather))}/api"

    def start_registry(self) -> str:
        """Serve the registry on a free loopback port and give its address."""
        return self._serve(OwnServer(self.registry.wsgi, lambda: self.state.registry_weather))

    def close(self) -> None:
        """Stop serving on the own ports; once more is harmless."""
        while self._servers:
            self._servers.pop().close()

    def _serve(self, server: OwnServer) -> str:
        self._servers.append(server)
        return server.url
