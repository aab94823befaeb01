"""A whole submit in front of a server that misbehaves."""

import socket
from pathlib import Path

import pytest
from support import faults
from support.buddy import Replayed, StubBuddy, stored
from support.fault_table import ANSWERED as FAULTS
from support.fault_table import ERRORS
from support.faults import Fault, FaultyServer, answer, answering
from support.rigs import LEAST, WIRE, Rig
from support.tls import Certificate

from webapp.http.failures import Unknown

from .conftest import Open

UNKNOWN = {id: fault for id, (fault, outcome) in FAULTS.items() if outcome is Unknown}
ANSWERED = {id: (fault, outcome.__name__) for id, (fault, outcome) in FAULTS.items() if outcome is not Unknown}
WHOLE = {id: fault for id, fault in UNKNOWN.items() if fault is not faults.reset_at_once}


@pytest.mark.parametrize(("fault", "outcome"), ANSWERED.values(), ids=ANSWERED)
def test_an_answer_that_proves_something_ends_the_submission(rig: Rig, fault: Fault, outcome: str) -> None:
    rig.buddy.creates = outcome == "Created"
    rig.buddy.write_fault = fault
    rig.send()
    assert rig.states == [outcome.lower()]
    rig.settle()
    assert (rig.states, rig.buddy.writes) == ([outcome.lower()], 1)
    assert rig.record == [("sent", "sending"), ("answered", outcome.lower())]


@pytest.mark.parametrize("fault", WHOLE.values(), ids=WHOLE)
def test_what_was_added_without_a_proof_is_found_by_itself(rig: Rig, fault: Fault) -> None:
    rig.buddy.write_fault = fault
    receipt = rig.send()
    assert "Do not add it again." in receipt.text
    assert rig.states == ["unknown"]
    rig.look(seconds=3)
    assert (rig.states, rig.buddy.writes, len(rig.buddy.added)) == (["found"], 1, 1)
    assert rig.row.action_id == rig.buddy.added[0]["id"]
    assert rig.record == [("sent", "sending"), ("answered", "unknown"), ("looked", "found")]
    found = rig.receipt()
    assert "was added" in found.heading
    assert "It was sent once." in found.text


@pytest.mark.parametrize("fault", UNKNOWN.values(), ids=UNKNOWN)
def test_what_was_not_added_is_absent_after_it_was_looked_for_long_enough_and_can_be_sent_again(
    rig: Rig, fault: Fault
) -> None:
    rig.buddy.creates = False
    rig.buddy.write_fault = fault
    rig.send()
    rig.look(seconds=3)
    assert rig.states == ["unknown"]
    rig.settle()
    assert (rig.states, rig.buddy.added) == (["absent"], [])
    posts = rig.buddy.writes
    rig.buddy.creates = True
    rig.buddy.write_fault = StubBuddy.answers
    receipt = rig.press(rig.receipt(), "attempts")
    assert "was added" in receipt.heading
    assert (rig.states, rig.buddy.writes, len(rig.buddy.added)) == (["created"], posts + 1, 1)


def test_what_is_added_after_the_first_look_is_found_by_a_later_one(rig: Rig) -> None:
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_and_wait
    rig.send()
    rig.look(seconds=3)
    assert rig.states == ["unknown"]
    rig.buddy.add(WIRE)
    rig.look(seconds=7)
    assert (rig.states, rig.buddy.writes, len(rig.buddy.added)) == (["found"], 1, 1)


def test_what_turns_up_after_it_was_given_up_is_still_found(rig: Rig) -> None:
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_then_close
    rig.send()
    rig.settle()
    assert rig.states == ["absent"]
    rig.buddy.add(WIRE)
    rig.look(minutes=4)
    assert rig.states == ["found"]
    assert rig.secrets == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_action_is_looked_for(rig: Rig, status: int) -> None:
    target = FaultyServer(answering(answer("201 Created")))
    rig.buddy.write_fault = answering(answer(f"{status} Moved", ERRORS, f"Location: {target.url}/elsewhere"))
    rig.send()
    rig.look(seconds=3)
    target.close()
    assert (rig.states, target.requests, rig.buddy.writes) == (["found"], [], 1)


def test_a_buddy_that_is_gone_gets_nothing_and_the_same_form_can_be_sent_again(rig: Rig) -> None:
    page = rig.form()
    rig.buddy.close()
    receipt = page.send(**LEAST)
    assert "Nothing was sent" in receipt.text
    assert (rig.states, rig.buddy.writes) == (["not_sent"], 0)
    assert page.send(**LEAST).path == receipt.path
    rig.settle()
    assert rig.states == ["not_sent"]


UNREACHABLE = {
    "no such name": ("http://buddy.invalid", "There is no connection to buddy.invalid."),
    "cannot be read": (None, "Buddy has a problem of its own."),
}


@pytest.mark.parametrize(("url", "words"), UNREACHABLE.values(), ids=UNREACHABLE)
def test_without_having_seen_the_pipeline_nothing_is_sent(opened: Open, url: str | None, words: str) -> None:
    rig = opened(**{"buddy_api_endpoint": url} if url else {})
    rig.buddy.readable = False
    receipt = rig.send()
    assert words in receipt.text
    assert (rig.states, rig.buddy.writes) == (["not_sent"], 0)


def test_a_connection_that_is_not_taken_in_time_sends_nothing(opened: Open) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        rig = opened(buddy_api_endpoint=f"http://127.0.0.1:{address[1]}")
        receipt = rig.send()
        for each in waiting:
            each.close()
    assert "did not accept a connection in time" in receipt.text
    assert rig.states == ["not_sent"]


def test_a_certificate_that_is_not_trusted_sends_nothing(opened: Open, certificate: Certificate) -> None:
    buddy = StubBuddy(tls=certificate.context)
    rig = opened(buddy_api_endpoint=buddy.url)
    receipt = rig.send()
    assert "certificate" in receipt.text
    assert (rig.states, buddy.writes) == (["not_sent"], 0)
    buddy.close()


def test_a_handshake_that_stalls_is_unknown_and_then_absent(opened: Open, certificate: Certificate) -> None:
    buddy = StubBuddy(tls=certificate.context)
    rig = opened(buddy_api_endpoint=buddy.url, buddy_ca_file=certificate.path)
    page = rig.form()
    buddy.stalls = True
    page.send(**LEAST)
    assert rig.states == ["unknown"]
    buddy.stalls = False
    rig.settle()
    assert (rig.states, buddy.writes) == (["absent"], 0)
    buddy.close()


def test_a_record_that_breaks_after_the_request_was_read_is_unknown_and_then_found(
    opened: Open, certificate: Certificate
) -> None:
    def break_the_record(connection: socket.socket, server: FaultyServer) -> None:
        server.read(connection)
        assert isinstance(connection, Replayed)
        connection.raw.sendall(b"\x17\x03\x03\x00\x20" + b"\x00" * 32)
        server.stopping.wait(1)

    buddy = StubBuddy(break_the_record, tls=certificate.context)
    rig = opened(buddy_api_endpoint=buddy.url, buddy_ca_file=certificate.path)
    rig.send()
    assert rig.states == ["unknown"]
    rig.look(seconds=3)
    assert (rig.states, buddy.writes) == (["found"], 1)
    buddy.close()


def test_while_buddy_cannot_be_read_it_stays_unknown_and_is_looked_for_every_five_minutes(rig: Rig) -> None:
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_then_close
    rig.send()
    rig.buddy.readable = False
    for _ in range(14):
        rig.look(minutes=5)
        next_look = rig.row.next_look
        assert next_look is not None
        assert (next_look - rig.clock()).total_seconds() <= 300
    assert rig.states == ["unknown"]
    assert "Run tests" in rig.browser.get("/").text.partition("needs your attention")[2]
    assert "The last look failed" in rig.receipt().text
    rig.buddy.readable = True
    rig.look(minutes=5)
    assert rig.states == ["absent"]


def test_all_pages_of_a_list_of_summaries_are_read(rig: Rig) -> None:
    rig.buddy.write_fault = faults.read_then_close
    for number in range(7):
        rig.buddy.add(WIRE | {"name": f"Other {number}"})
    rig.buddy.per_page = 3
    rig.send()
    rig.look(seconds=3)
    assert (rig.states, rig.row.action_id) == (["found"], rig.buddy.added[-1]["id"])


def test_a_proxy_that_refuses_the_tunnel_sends_nothing(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = FaultyServer(answering(b"HTTP/1.1 502 Bad Gateway\r\n\r\n"))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    rig = opened(buddy_api_endpoint="https://buddy.invalid")
    receipt = rig.send()
    assert "The proxy did not let a connection to buddy.invalid through." in receipt.text
    assert rig.states == ["not_sent"]
    proxy.close()


def test_a_netrc_does_not_replace_the_token(rig: Rig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    rig.send()
    assert b"\r\nAuthorization: Bearer token-of-the-tests\r\n" in rig.buddy.requests[0]
    assert rig.buddy.added == [{"id": 100, **stored(WIRE)}]
