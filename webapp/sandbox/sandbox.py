"""The sandbox as a whole: one state behind two fronts."""

from flask import Flask

from webapp.sandbox import api, pages
from webapp.sandbox.seed import starting_state
from webapp.sandbox.server import OwnServer
from webapp.sandbox.state import Addresses
from webapp.sandbox.world import World


class Sandbox:
    """A make-believe Buddy: `wsgi` is mounted at `public_url`, `start` serves the same on a port of its own."""

    token = "sandbox"

    def __init__(self, public_url: str, template_folder: str, stylesheet: str) -> None:
        self.state = starting_state()
        app = Flask(__name__, template_folder=template_folder, static_folder=None)
        app.extensions["sandbox"] = World(self.state, Addresses(public_url), self.token, stylesheet)
        app.register_blueprint(api.bp, url_prefix="/api")
        app.register_blueprint(pages.bp)
        self.wsgi = app.wsgi_app
        self._server: OwnServer | None = None

    def start(self) -> str:
        """Serve on a free loopback port and give the address of the API there."""
        self._server = OwnServer(self.wsgi)
        return f"{self._server.url}/api"

    def close(self) -> None:
        """Stop serving on the own port."""
        if self._server is not None:
            self._server.close()
            self._server = None
