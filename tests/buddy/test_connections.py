"""Writes that find no way to Buddy, or lose it, over real sockets."""

import socket
import ssl
from contextlib import closing
from pathlib import Path

import pytest
import requests
from support import faults
from support.faults import Fault, FaultyServer, answer, answering
from support.tls import Certificate, make_certificate

from webapp.http.connections import WatchedAdapter, watched_pools
from webapp.http.failures import NotSent, Unknown, classify_failure
from webapp.http.trust import Trust

from .conftest import Make, Start, Write


def test_a_closed_port_proves_that_nothing_was_sent(faulty: Start, client: Make, write: Write) -> None:
    server = faulty(faults.read_then_close)
    server.close()
    outcome = write.send(client(server.url))
    assert outcome == NotSent(f"There is no connection to 127.0.0.1:{server.port}.")


@pytest.mark.parametrize("host", ["buddy.invalid", "buddy..invalid", "x" * 64])
def test_a_name_that_is_not_there_proves_that_nothing_was_sent(client: Make, write: Write, host: str) -> None:
    assert write.send(client(f"http://{host}")) == NotSent(f"There is no connection to {host}.")


def test_a_connection_that_is_not_taken_in_time_proves_that_nothing_was_sent(client: Make, write: Write) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        outcome = write.send(client(f"http://127.0.0.1:{address[1]}"))
        for each in waiting:
            each.close()
    assert outcome == NotSent(f"127.0.0.1:{address[1]} did not accept a connection in time.")


def test_a_certificate_that_is_not_trusted_proves_that_nothing_was_sent(
    faulty: Start, client: Make, certificate: Certificate, write: Write
) -> None:
    server = faulty(over_tls(certificate.context, answering(answer(write.status))))
    url = f"https://127.0.0.1:{server.port}"
    assert write.send(client(url)) == NotSent(f"The certificate of 127.0.0.1:{server.port} is not trusted.")
    assert server.writes == 0
    assert isinstance(write.send(client(url, ca_file=certificate.path)), write.done)


def test_certificates_that_changed_while_slipway_runs_are_read_anew(
    faulty: Start, client: Make, certificate: Certificate, tmp_path: Path, write: Write
) -> None:
    server = faulty(over_tls(certificate.context, answering(answer(write.status))))
    url, trusted = f"https://127.0.0.1:{server.port}", tmp_path / "trusted.pem"
    trusted.write_text(Path(make_certificate(tmp_path).path).read_text())
    asking = client(url, ca_file=str(trusted))
    assert write.send(asking) == NotSent(f"The certificate of 127.0.0.1:{server.port} is not trusted.")
    trusted.write_text("no certificate")
    unread = NotSent("The file of trusted certificates can't be read: whoever runs Slipway must look at it.")
    assert write.send(asking) == unread
    trusted.unlink()
    assert (write.send(asking), server.writes) == (unread, 0)
    trusted.write_text(Path(certificate.path).read_text())
    assert isinstance(write.send(asking), write.done)


def test_certificates_can_be_a_folder(
    faulty: Start, client: Make, certificate: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = faulty(over_tls(certificate.context, answering(answer("201 Created"))))
    url, add = f"https://127.0.0.1:{server.port}", Write("add")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    assert isinstance(add.send(client(url)), NotSent)
    # OpenSSL looks for them there by the hash of the name, which is the same for all certificates of these tests.
    (tmp_path / "88d0bdcb.0").write_text(Path(certificate.path).read_text())
    assert isinstance(add.send(client(url)), add.done)


def test_a_certificate_for_another_host_proves_that_nothing_was_sent(
    faulty: Start, client: Make, certificate: Certificate, write: Write
) -> None:
    server = faulty(over_tls(certificate.context, answering(answer(write.status))))
    outcome = write.send(client(f"https://localhost:{server.port}", ca_file=certificate.path))
    assert outcome == NotSent(f"The certificate of localhost:{server.port} is not trusted.")
    assert server.writes == 0


def test_a_stalled_handshake_is_unknown(faulty: Start, client: Make, write: Write) -> None:
    server = faulty(faults.stall_the_handshake)
    assert isinstance(write.send(client(f"https://127.0.0.1:{server.port}")), Unknown)


def test_a_broken_record_after_the_request_was_read_is_unknown(
    faulty: Start, client: Make, certificate: Certificate, write: Write
) -> None:
    def fault(connection: socket.socket, server: FaultyServer) -> None:
        raw = connection.dup()
        with certificate.context.wrap_socket(connection, server_side=True) as secure:
            server.read(secure)
            raw.sendall(b"\x17\x03\x03\x00\x20" + b"\x00" * 32)
            server.stopping.wait(1)
        raw.close()

    server = faulty(fault)
    outcome = write.send(client(f"https://127.0.0.1:{server.port}", ca_file=certificate.path))
    assert (type(outcome), server.writes) == (Unknown, 1)


@pytest.mark.parametrize("fault", [faults.drip_headers, faults.drip_body])
def test_the_deadline_holds_over_tls_too(faulty: Start, client: Make, certificate: Certificate, fault: Fault) -> None:
    server = faulty(over_tls(certificate.context, fault))
    outcome = Write("add").send(client(f"https://127.0.0.1:{server.port}", ca_file=certificate.path))
    assert (type(outcome), server.writes) == (Unknown, 1)


def test_the_deadline_holds_while_tls_begins(faulty: Start, client: Make) -> None:
    server = faulty(faults.drip_the_handshake)
    outcome = Write("add").send(client(f"https://127.0.0.1:{server.port}"))
    assert outcome == Unknown("Buddy did not answer in time.")


def test_the_deadline_holds_while_a_proxy_lets_a_connection_through(
    faulty: Start, client: Make, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    proxy = faulty(faults.drip_the_tunnel)
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    outcome = write.send(client("https://buddy.invalid"))
    assert outcome == Unknown("Buddy did not answer in time.")
    assert [request.split(b" ")[0] for request in proxy.requests] == [b"CONNECT"]


def test_the_deadline_holds_behind_a_proxy_over_tls_and_for_the_next_call_too(
    faulty: Start, client: Make, certificate: Certificate, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    server = faulty(over_tls(certificate.context, faults.drip_headers))
    proxy = faulty(over_tls(certificate.context, faults.let_through(server.port)))
    monkeypatch.setenv("HTTPS_PROXY", f"https://127.0.0.1:{proxy.port}")
    asking = client(f"https://127.0.0.1:{server.port}", ca_file=certificate.path)
    outcomes = [type(write.send(asking)) for _ in range(2)]
    assert (outcomes, server.writes) == ([Unknown, Unknown], 2)


def test_hints_before_the_answer_are_read_past_over_tls_too(
    faulty: Start, client: Make, certificate: Certificate, write: Write
) -> None:
    hints = answering(b"HTTP/1.1 103 Early Hints\r\n\r\n", answer(write.status))
    server = faulty(over_tls(certificate.context, hints))
    outcome = write.send(client(f"https://127.0.0.1:{server.port}", ca_file=certificate.path))
    assert isinstance(outcome, write.done)


def over_tls(context: ssl.SSLContext, fault: Fault) -> Fault:
    def wrapped(connection: socket.socket, server: FaultyServer) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            fault(secure, server)

    return wrapped


def test_a_proxy_that_refuses_the_tunnel_proves_that_nothing_was_sent(
    faulty: Start, client: Make, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    proxy = faulty(answering(b"HTTP/1.1 502 Bad Gateway\r\n\r\n"))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    outcome = write.send(client("https://buddy.invalid"))
    assert outcome == NotSent("The proxy did not let a connection to buddy.invalid through.")
    assert proxy.requests[0].startswith(b"CONNECT buddy.invalid:443")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_whose_name_can_be_none_proves_that_nothing_was_sent(
    client: Make, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv(f"{scheme}_proxy", "http://proxy..invalid:3128")
    assert isinstance(Write("add").send(client(f"{scheme}://buddy.invalid")), NotSent)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_proves_that_nothing_was_sent(
    faulty: Start, client: Make, monkeypatch: pytest.MonkeyPatch, write: Write, scheme: str
) -> None:
    proxy = faulty(faults.read_then_close)
    proxy.close()
    monkeypatch.setenv(f"{scheme}_proxy", proxy.url)
    assert isinstance(write.send(client(f"{scheme}://buddy.invalid")), NotSent)


def test_a_proxys_error_for_plain_http_is_unknown(
    faulty: Start, client: Make, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    proxy = faulty(answering(answer("502 Bad Gateway", b"")))
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    assert isinstance(write.send(client("http://buddy.invalid")), Unknown)


def test_a_proxy_over_tls_is_trusted_by_the_same_certificates(
    faulty: Start, client: Make, certificate: Certificate, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    proxy = faulty(over_tls(certificate.context, answering(answer(write.status))))
    monkeypatch.setenv("HTTP_PROXY", f"https://127.0.0.1:{proxy.port}")
    assert (type(write.send(client("http://buddy.invalid"))), proxy.writes) == (NotSent, 0)
    assert isinstance(write.send(client("http://buddy.invalid", ca_file=certificate.path)), write.done)


def test_a_netrc_does_not_replace_the_token(
    faulty: Start, client: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, write: Write
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server = faulty(answering(answer(write.status)))
    write.send(client(server.url))
    assert b"\r\nAuthorization: Bearer token-of-the-tests\r\n" in server.requests[0]


def test_an_address_that_is_none_proves_that_nothing_was_sent(client: Make, write: Write) -> None:
    assert write.send(client("http://*buddy")) == NotSent("The address of *buddy can't be used.")


def ask_at(addresses: list[str], port: int) -> int:
    """Ask a host that nobody knows at addresses that are given; give the status of the answer."""
    asked = requests.Request("GET", f"http://host.invalid:{port}/").prepare()
    with closing(WatchedAdapter(1, watched_pools(lambda connected: None, addresses), Trust(True))) as adapter:
        return adapter.send(asked, timeout=0.5).status_code


def test_a_host_can_be_asked_at_the_addresses_that_were_found_before(faulty: Start) -> None:
    server = faulty(answering(answer("200 OK")))
    assert ask_at(["127.0.0.9", "127.0.0.1"], server.port) == 200
    assert f"Host: host.invalid:{server.port}".encode() in server.requests[0]


def test_where_no_address_answers_the_last_one_tells_why() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        with pytest.raises(requests.ConnectionError) as refused:
            ask_at(["127.0.0.1", "127.0.0.9"], port)
        with pytest.raises(requests.ConnectTimeout):
            ask_at(["127.0.0.9", "127.0.0.1"], port)
        for each in waiting:
            each.close()
    assert classify_failure(refused.value, "host") == NotSent("There is no connection to host.")


def test_how_much_of_an_answer_has_come_can_be_told_while_it_comes(faulty: Start) -> None:
    server = faulty(answering(answer("200 OK", b"x" * 100_000)))
    told: list[int] = []
    with closing(WatchedAdapter(1, watched_pools(lambda connected: None, tell=told.append), Trust(True))) as adapter:
        asked = requests.Request("GET", server.url).prepare()
        assert len(adapter.send(asked, timeout=30).content) == 100_000
    assert 100_000 < sum(told) < 101_000
    assert len(told) > 1
