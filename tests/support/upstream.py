"""A plain HTTP server in Buddy's place: it records what it is sent and answers with the contract's example."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parent.parent / "examples"
REQUEST_EXAMPLE = json.loads((EXAMPLES / "run_docker_container_request.json").read_text())
RESPONSE_EXAMPLE = json.loads((EXAMPLES / "run_docker_container_response.json").read_text())
PIPELINE = RESPONSE_EXAMPLE["pipeline"] | {
    "project": {"name": "company-website", "display_name": "Company Website", "status": "ACTIVE"},
    "actions": [{"id": 1, "name": "Build API", "type": "DOCKERFILE", "trigger_time": "ON_EVERY_EXECUTION"}],
}
INTEGRATIONS = [
    {"hash_id": "aa11", "identifier": "ecr_prod", "name": "ECR prod", "type": "AMAZON"},
    {"hash_id": "bb22", "identifier": "gcr", "name": "Google", "type": "GOOGLE_SERVICE_ACCOUNT"},
    {"hash_id": "cc33", "identifier": "hub", "name": "Docker Hub", "type": "DOCKER_HUB"},
    {"hash_id": "dd44", "identifier": None, "name": "GitHub", "type": "GIT_HUB"},
]


# In seconds: as long as no test needs, and no longer than one that fails may take.
LONGEST_HELD = 120


class Upstream:
    """Answers on a loopback port: every POST with `answer`, a status and a body, once the `gate` is open.

    Reads are answered once the `read_gate` is open. A number in the answer is the first action's; each later one gets
    the next.
    """

    def __init__(self) -> None:
        self.bodies: list[Any] = []
        self.paths: list[str] = []
        self.reads: list[str] = []
        self.tokens: list[str | None] = []
        self.answer: tuple[int, Any] = (201, RESPONSE_EXAMPLE)
        self.readable = True
        self.token: tuple[int, Any] = (200, {"name": "Of the tests", "scopes": []})
        self.gate = threading.Event()
        self.gate.set()
        self.waiting = 0
        self.read_gate = threading.Event()
        self.read_gate.set()
        self.reading = 0
        self.most_reading = 0
        self.added = 0
        self.by_hand: list[dict[str, Any]] = []
        self.pipelines: list[dict[str, Any]] = []
        self.lock = threading.Condition()
        self.server = QuietServer(("127.0.0.1", 0), handler_for(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.gate.set()
        self.read_gate.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def receive(self, path: str, body: Any) -> tuple[int, Any]:
        with self.lock:
            self.paths.append(path)
            self.bodies.append(body)
            self.waiting += 1
            self.lock.notify_all()
        self.gate.wait(30)
        with self.lock:
            self.waiting -= 1
            status, answer = self.answer
            if isinstance(answer, dict) and type(answer.get("id")) is int:
                answer = answer | {"id": answer["id"] + self.added}
                self.added += 1
        return status, answer

    def until_waiting(self, count: int) -> None:
        """Wait until `count` POSTs are held back."""
        with self.lock:
            assert self.lock.wait_for(lambda: self.waiting >= count, 30), f"{self.waiting} POSTs came"

    def hold_back(self) -> None:
        """Let a read wait, and count those that do at once."""
        with self.lock:
            self.reading += 1
            self.most_reading = max(self.most_reading, self.reading)
            self.lock.notify_all()
        self.read_gate.wait(LONGEST_HELD)
        with self.lock:
            self.reading -= 1

    def until_reading(self, count: int) -> None:
        """Wait until `count` reads are held back."""
        with self.lock:
            assert self.lock.wait_for(lambda: self.reading >= count, LONGEST_HELD), f"{self.reading} reads came"

    def read(self, path: str) -> tuple[int, Any]:
        self.reads.append(path)
        self.hold_back()
        if not self.readable:
            return 503, {"errors": [{"message": "closed for the moment"}]}
        if path == "/user/token":
            return self.token
        if path == "/workspaces":
            return 200, {"workspaces": []}
        if path.endswith("/integrations"):
            return 200, {"integrations": INTEGRATIONS}
        if path.endswith("/actions"):
            return 200, {"actions": PIPELINE["actions"] + self.by_hand}
        if path.endswith("/pipelines"):
            return 200, {"pipelines": self.pipelines}
        return 200, self.whole(path)

    def whole(self, path: str) -> dict[str, Any]:
        """The action or the pipeline that a path names; any other pipeline is the contract's."""
        there = [("actions", item) for item in self.by_hand] + [("pipelines", item) for item in self.pipelines]
        return next((item for noun, item in there if path.endswith(f"/{noun}/{item['id']}")), PIPELINE)


def dumped(body: object) -> bytes:
    """A body as it goes on the wire."""
    return json.dumps(body).encode()


class QuietServer(ThreadingHTTPServer):
    """Many connections at once, ended without waiting for idle ones."""

    request_queue_size = 256
    daemon_threads = True
    block_on_close = False


def handler_for(upstream: Upstream) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            upstream.tokens.append(self.headers["Authorization"])
            self.reply(*upstream.read(self.path.split("?")[0] if "page=2" not in self.path else "/empty/actions"))

        def do_POST(self) -> None:
            upstream.tokens.append(self.headers["Authorization"])
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.reply(*upstream.receive(self.path, body))

        def do_PATCH(self) -> None:
            self.do_POST()

        def do_DELETE(self) -> None:
            self.reply(*upstream.receive(self.path, None))

        def reply(self, status: int, body: Any) -> None:
            data = dumped(body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
