"""What came of a send, against servers that really misbehave. The ids are those of the catalogue of faults."""

import gzip
import json
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import faults
from support.faults import Fault, FaultyServer, answer, answering
from support.tls import Certificate
from support.upstream import REQUEST_EXAMPLE, RESPONSE_EXAMPLE, dumped

from webapp.buddy.actions import RunDockerContainer
from webapp.buddy.client import Client
from webapp.buddy.images import IntegrationImage, PublicImage
from webapp.buddy.outcomes import Created, NotSent, Outcome, Rejected, Unknown, classify_addition
from webapp.buddy.places import Place
from webapp.buddy.refusals import error_messages
from webapp.buddy.transport import Answer

PLACE = Place("buddy", "company-website", 2)
REQUEST = RunDockerContainer("Run tests", PublicImage("library/ubuntu", "latest"), "make test")
ERRORS = {"errors": [{"message": "no"}]}
TRUE_LENGTH = len(dumped(RESPONSE_EXAMPLE))

Start = Callable[[Fault], FaultyServer]
Make = Callable[..., Client]


def with_id(value: object) -> bytes:
    return answer("201 Created", RESPONSE_EXAMPLE | {"id": value})


ANSWERED: dict[str, tuple[Fault, type[Outcome]]] = {
    "U7 reset at the first byte": (faults.reset_at_once, Unknown),
    "U8 read, then closed": (faults.read_then_close, Unknown),
    "U9 read, then reset": (faults.read_then_reset, Unknown),
    "U10 read, then silent": (faults.read_and_wait, Unknown),
    "U12 201, reset in the body": (faults.reset_in_the_body, Unknown),
    "U13 too long a length": (answering(answer("201 Created", length=TRUE_LENGTH + 50)), Unknown),
    "U13 bad chunk": (answering(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"), Unknown),
    "U13 bad gzip": (answering(answer("201 Created", b"no gzip", "Content-Encoding: gzip")), Unknown),
    "good gzip": (
        answering(answer("201 Created", gzip.compress(dumped(RESPONSE_EXAMPLE)), "Content-Encoding: gzip")),
        Created,
    ),
    "U14 200": (answering(answer("200 OK")), Created),
    "U14 202": (answering(answer("202 Accepted")), Created),
    "U14 200 with errors": (answering(answer("200 OK", RESPONSE_EXAMPLE | ERRORS)), Unknown),
    "U14 204": (answering(b"HTTP/1.1 204 No Content\r\n\r\n"), Unknown),
    "U15 empty": (answering(answer("201 Created", b"")), Unknown),
    "U15 HTML": (answering(answer("201 Created", b"<h1>Welcome</h1>")), Unknown),
    "U15 half a JSON": (answering(answer("201 Created", b'{"id": 2')), Unknown),
    "U16 id text": (answering(with_id("2")), Unknown),
    "U16 id negative": (answering(with_id(-1)), Unknown),
    "U16 id zero": (answering(with_id(0)), Unknown),
    "U16 id true": (answering(with_id(True)), Unknown),
    "U16 id list": (answering(with_id([2])), Unknown),
    "U16 id too large": (answering(with_id(2**63)), Unknown),
    "U16 name null": (answering(answer("201 Created", RESPONSE_EXAMPLE | {"name": None})), Created),
    "U16 list": (answering(answer("201 Created", [RESPONSE_EXAMPLE])), Unknown),
    "U19 400": (answering(answer("400 Bad Request", ERRORS)), Rejected),
    "U21 endless": (faults.endless_body, Unknown),
    "U21 dripping body": (faults.drip_body, Unknown),
    "U21 dripping headers": (faults.drip_headers, Unknown),
    "U22 300 headers": (answering(answer("201 Created", RESPONSE_EXAMPLE, *["X-More: 1"] * 300)), Unknown),
    "U22 large header": (answering(answer("201 Created", RESPONSE_EXAMPLE, "X-More: " + "x" * 1_000_000)), Unknown),
    "U23 garbage": (answering(b"\x00\x01garbage\r\n\r\n"), Unknown),
    "U23 HTTP/0.9": (answering(dumped(RESPONSE_EXAMPLE)), Unknown),
    "U24 401": (answering(answer("401 Unauthorized", ERRORS)), Rejected),
    "U25 403": (answering(answer("403 Forbidden", ERRORS)), Rejected),
    "U25 404": (answering(answer("404 Not Found", ERRORS)), Rejected),
    "U25 409 of Buddy": (answering(answer("409 Conflict", ERRORS)), Rejected),
    "U25 409 of somebody": (answering(answer("409 Conflict", b"<h1>Conflict</h1>")), Unknown),
    "U25 422": (answering(answer("422 Unprocessable", ERRORS)), Rejected),
    "U27 429": (answering(answer("429 Too Many Requests", ERRORS, "Retry-After: 5")), Rejected),
    "408": (answering(answer("408 Request Timeout", ERRORS)), Unknown),
    "418": (answering(answer("418 Teapot", ERRORS)), Unknown),
    "U28 500": (answering(answer("500 Internal Server Error", ERRORS)), Unknown),
    "U28 502": (answering(answer("502 Bad Gateway", ERRORS)), Unknown),
    "U28 503": (answering(answer("503 Service Unavailable", ERRORS)), Unknown),
    "U28 504": (answering(answer("504 Gateway Timeout", ERRORS)), Unknown),
    "U30 100, then 201": (answering(b"HTTP/1.1 100 Continue\r\n\r\n", answer("201 Created")), Created),
}


@pytest.mark.parametrize(("fault", "outcome"), ANSWERED.values(), ids=ANSWERED)
def test_every_fault_ends_in_its_outcome_after_one_post(
    faulty: Start, client: Make, fault: Fault, outcome: type[Outcome]
) -> None:
    server = faulty(fault)
    assert type(client(server.url).add_action(PLACE, REQUEST)) is outcome
    assert server.posts == (0 if fault is faults.reset_at_once else 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_u26_a_redirect_is_not_followed(faulty: Start, client: Make, status: int) -> None:
    target = faulty(answering(answer("201 Created")))
    server = faulty(answering(answer(f"{status} Moved", ERRORS, f"Location: {target.url}/elsewhere")))
    assert isinstance(client(server.url).add_action(PLACE, REQUEST), Unknown)
    assert (server.posts, target.requests) == (1, [])


def test_u1_a_closed_port_proves_that_nothing_was_sent(faulty: Start, client: Make) -> None:
    server = faulty(faults.read_then_close)
    server.close()
    outcome = client(server.url).add_action(PLACE, REQUEST)
    assert outcome == NotSent(f"There is no connection to 127.0.0.1:{server.port}.")


def test_u2_a_name_that_is_not_there_proves_that_nothing_was_sent(client: Make) -> None:
    outcome = client("http://buddy.invalid").add_action(PLACE, REQUEST)
    assert outcome == NotSent("There is no connection to buddy.invalid.")


def test_u3_a_connection_that_is_not_taken_in_time_proves_that_nothing_was_sent(client: Make) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        outcome = client(f"http://127.0.0.1:{address[1]}").add_action(PLACE, REQUEST)
        for each in waiting:
            each.close()
    assert outcome == NotSent(f"127.0.0.1:{address[1]} did not accept a connection in time.")


def test_u4_a_certificate_that_is_not_trusted_proves_that_nothing_was_sent(
    faulty: Start, client: Make, certificate: Certificate
) -> None:
    server = faulty(over_tls(certificate.context, answering(answer("201 Created"))))
    url = f"https://127.0.0.1:{server.port}"
    assert client(url).add_action(PLACE, REQUEST) == NotSent(
        f"The certificate of 127.0.0.1:{server.port} is not trusted."
    )
    assert server.posts == 0
    trusting = client(url, ca_file=certificate.path)
    assert isinstance(trusting.add_action(PLACE, REQUEST), Created)


@pytest.mark.parametrize("fault", [faults.drip_headers, faults.drip_body])
def test_u21_the_deadline_holds_over_tls_too(
    faulty: Start, client: Make, certificate: Certificate, fault: Fault
) -> None:
    server = faulty(over_tls(certificate.context, fault))
    outcome = client(f"https://127.0.0.1:{server.port}", ca_file=certificate.path).add_action(PLACE, REQUEST)
    assert (type(outcome), server.posts) == (Unknown, 1)


def over_tls(context: ssl.SSLContext, fault: Fault) -> Fault:
    def wrapped(connection: socket.socket, server: FaultyServer) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            fault(secure, server)

    return wrapped


def test_u5_a_stalled_handshake_is_unknown(faulty: Start, client: Make) -> None:
    server = faulty(faults.stall_the_handshake)
    assert isinstance(client(f"https://127.0.0.1:{server.port}").add_action(PLACE, REQUEST), Unknown)


def test_u6_a_broken_record_after_the_request_was_read_is_unknown(
    faulty: Start, client: Make, certificate: Certificate
) -> None:
    def fault(connection: socket.socket, server: FaultyServer) -> None:
        raw = connection.dup()
        with certificate.context.wrap_socket(connection, server_side=True) as secure:
            server.read(secure)
            raw.sendall(b"\x17\x03\x03\x00\x20" + b"\x00" * 32)
            server.stopping.wait(1)
        raw.close()

    server = faulty(fault)
    trusting = client(f"https://127.0.0.1:{server.port}", ca_file=certificate.path)
    assert isinstance(trusting.add_action(PLACE, REQUEST), Unknown)
    assert server.posts == 1


def test_u35_a_proxy_that_refuses_the_tunnel_proves_that_nothing_was_sent(
    faulty: Start, client: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = faulty(answering(b"HTTP/1.1 502 Bad Gateway\r\n\r\n"))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    outcome = client("https://buddy.invalid").add_action(PLACE, REQUEST)
    assert outcome == NotSent("The proxy did not let a connection to buddy.invalid through.")
    assert proxy.requests[0].startswith(b"CONNECT buddy.invalid:443")


def test_u35_a_proxys_error_for_plain_http_is_unknown(
    faulty: Start, client: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = faulty(answering(answer("502 Bad Gateway", b"")))
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    assert isinstance(client("http://buddy.invalid").add_action(PLACE, REQUEST), Unknown)


def test_u36_a_netrc_does_not_replace_the_token(
    faulty: Start, client: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server = faulty(answering(answer("201 Created")))
    client(server.url).add_action(PLACE, REQUEST)
    assert b"\r\nAuthorization: Bearer token-of-the-tests\r\n" in server.requests[0]


def test_the_request_is_the_contracts_to_the_letter(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("201 Created")))
    image = IntegrationImage("library/ubuntu", "latest", "5ddb7c180fb38be67bd78a88a")
    client(f"{server.url}/api").add_action(PLACE, RunDockerContainer("Run container", image, "ls -al > ls.log"))
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/workspaces/buddy/projects/company-website/pipelines/2/actions HTTP/1.1\r\n")
    for line in (b"Content-Type: application/json", b"Accept: application/json", b"X-Buddy-Media-Type: buddy.v1.1.0"):
        assert b"\r\n" + line in head
    wanted = {name: REQUEST_EXAMPLE[name] for name in ("name", "type", "integration", "inline_commands")}
    assert wanted.items() <= json.loads(body).items()


def test_u19_messages_of_any_shape_are_found_and_cut() -> None:
    many = {"errors": [{"message": f"message {number}"} for number in range(50)]}
    assert error_messages(400, dumped(many))[-2:] == ("message 9", "and 40 more")
    assert error_messages(400, dumped({"errors": [{"message": "x" * 200_000}]})) == ("x" * 300,)
    assert error_messages(400, dumped({"error": "one"})) == ("one",)
    assert error_messages(400, dumped({"errors": ["one", ["two", {"message": "three"}]]})) == ("one", "two", "three")
    assert error_messages(400, b"<h1>No</h1>") == ("Bad Request",)
    assert error_messages(400, b"") == ("Bad Request",)
    assert error_messages(599, None) == ("Status 599",)


WAITS = {"5": 5, "-3": None, "1.5": None, "soon": None, "99999999": 300, "0": 1, "": None}


@pytest.mark.parametrize(("header", "wait"), WAITS.items())
def test_u27_the_time_to_wait_is_read_and_limited(header: str, wait: int | None) -> None:
    outcome = classify_addition(Answer(429, {"Retry-After": header}, dumped(ERRORS)))
    assert isinstance(outcome, Rejected)
    assert outcome.sentence == (f"Buddy asks to wait {wait} seconds." if wait else "Buddy asks to wait a while.")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
NAMES = st.text() | st.sampled_from(["id", "errors", "pipeline"])
JSON: st.SearchStrategy[object] = st.deferred(
    lambda: SCALARS | st.lists(JSON, max_size=3) | st.dictionaries(NAMES, JSON, max_size=3)
)


@given(st.integers(100, 599), JSON | st.dictionaries(st.sampled_from(sorted(RESPONSE_EXAMPLE)), JSON))
def test_any_answer_ends_in_an_outcome_and_only_an_id_proves_creation(status: int, body: object) -> None:
    outcome = classify_addition(Answer(status, {}, dumped(body)))
    if isinstance(outcome, Created):
        assert status in (200, 201, 202)
        assert isinstance(body, dict)
        assert outcome.action.id == body["id"] >= 1


@given(st.integers(100, 599), st.binary())
def test_any_bytes_end_in_an_outcome(status: int, body: bytes) -> None:
    classify_addition(Answer(status, {}, body))
