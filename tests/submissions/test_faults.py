"""A whole submit in front of a server that misbehaves. The ids are those of the catalogue of faults."""

import socket
from pathlib import Path

import pytest
from support import faults
from support.desks import LEAST, Desk
from support.fault_table import ERRORS, FAULTS
from support.faults import Fault, FaultyServer, answer, answering
from support.hostile import HostileBuddy, Replayed, stored
from support.tls import Certificate

from .conftest import Open

UNKNOWN = {id: fault for id, (fault, outcome) in FAULTS.items() if outcome == "Unknown"}
ANSWERED = {id: (fault, outcome) for id, (fault, outcome) in FAULTS.items() if outcome != "Unknown"}
WHOLE = {id: fault for id, fault in UNKNOWN.items() if fault is not faults.reset_at_once}
BODY = {
    "name": "Run tests",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "library/ubuntu",
    "docker_image_tag": "latest",
    "inline_commands": "make test",
    "mount_filesystem_disable": False,
}


@pytest.mark.parametrize(("fault", "outcome"), ANSWERED.values(), ids=ANSWERED)
def test_an_answer_that_proves_something_ends_the_submission(desk: Desk, fault: Fault, outcome: str) -> None:
    desk.buddy.creates = outcome == "Created"
    desk.buddy.write_fault = fault
    desk.send()
    assert desk.states == [outcome.lower()]
    desk.settle()
    assert (desk.states, desk.buddy.posts) == ([outcome.lower()], 1)
    assert desk.record == [("sent", "sending"), ("answered", outcome.lower())]


@pytest.mark.parametrize("fault", WHOLE.values(), ids=WHOLE)
def test_what_was_added_without_a_proof_is_found_by_itself(desk: Desk, fault: Fault) -> None:
    desk.buddy.write_fault = fault
    receipt = desk.send()
    assert "Do not add it again." in receipt.text
    assert desk.states == ["unknown"]
    desk.look(seconds=3)
    assert (desk.states, desk.buddy.posts, len(desk.buddy.added)) == (["found"], 1, 1)
    assert desk.row.action_id == desk.buddy.added[0]["id"]
    assert desk.record == [("sent", "sending"), ("answered", "unknown"), ("looked", "found")]
    found = desk.receipt()
    assert "was added" in found.heading
    assert "It was sent once." in found.text


@pytest.mark.parametrize("fault", UNKNOWN.values(), ids=UNKNOWN)
def test_what_was_not_added_is_absent_after_it_was_looked_for_long_enough_and_can_be_sent_again(
    desk: Desk, fault: Fault
) -> None:
    desk.buddy.creates = False
    desk.buddy.write_fault = fault
    desk.send()
    desk.look(seconds=3)
    assert desk.states == ["unknown"]
    desk.settle()
    assert (desk.states, desk.buddy.added) == (["absent"], [])
    posts = desk.buddy.posts
    desk.buddy.creates = True
    desk.buddy.write_fault = HostileBuddy.answers
    receipt = desk.press(desk.receipt(), "attempts")
    assert "was added" in receipt.heading
    assert (desk.states, desk.buddy.posts, len(desk.buddy.added)) == (["created"], posts + 1, 1)


def test_u11_what_is_added_after_the_first_look_is_found_by_a_later_one(desk: Desk) -> None:
    desk.buddy.creates = False
    desk.buddy.write_fault = faults.read_and_wait
    desk.send()
    desk.look(seconds=3)
    assert desk.states == ["unknown"]
    desk.buddy.add(BODY)
    desk.look(seconds=7)
    assert (desk.states, desk.buddy.posts, len(desk.buddy.added)) == (["found"], 1, 1)


def test_what_turns_up_after_it_was_given_up_is_still_found(desk: Desk) -> None:
    desk.buddy.creates = False
    desk.buddy.write_fault = faults.read_then_close
    desk.send()
    desk.settle()
    assert desk.states == ["absent"]
    desk.buddy.add(BODY)
    desk.look(minutes=4)
    assert desk.states == ["found"]
    assert desk.secrets == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_u26_a_redirect_is_not_followed_and_the_action_is_looked_for(desk: Desk, status: int) -> None:
    target = FaultyServer(answering(answer("201 Created")))
    desk.buddy.write_fault = answering(answer(f"{status} Moved", ERRORS, f"Location: {target.url}/elsewhere"))
    desk.send()
    desk.look(seconds=3)
    target.close()
    assert (desk.states, target.requests, desk.buddy.posts) == (["found"], [], 1)


def test_u1_u31_a_buddy_that_is_gone_gets_nothing_and_the_same_form_can_be_sent_again(desk: Desk) -> None:
    page = desk.form()
    desk.buddy.close()
    receipt = page.send(**LEAST)
    assert "Nothing was sent" in receipt.text
    assert (desk.states, desk.buddy.posts) == (["not_sent"], 0)
    assert page.send(**LEAST).path == receipt.path
    desk.settle()
    assert desk.states == ["not_sent"]


UNREACHABLE = {
    "U2 no such name": ("http://buddy.invalid", "There is no connection to buddy.invalid."),
    "U31 cannot be read": (None, "Buddy has a problem of its own."),
}


@pytest.mark.parametrize(("url", "words"), UNREACHABLE.values(), ids=UNREACHABLE)
def test_without_having_seen_the_pipeline_nothing_is_sent(opened: Open, url: str | None, words: str) -> None:
    desk = opened(url=url)
    desk.buddy.readable = False
    receipt = desk.send()
    assert words in receipt.text
    assert (desk.states, desk.buddy.posts) == (["not_sent"], 0)


def test_u3_a_connection_that_is_not_taken_in_time_sends_nothing(opened: Open) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        desk = opened(url=f"http://127.0.0.1:{address[1]}")
        receipt = desk.send()
        for each in waiting:
            each.close()
    assert "did not accept a connection in time" in receipt.text
    assert desk.states == ["not_sent"]


def test_u4_a_certificate_that_is_not_trusted_sends_nothing(opened: Open, certificate: Certificate) -> None:
    buddy = HostileBuddy(tls=certificate.context)
    desk = opened(url=buddy.url)
    receipt = desk.send()
    assert "certificate" in receipt.text
    assert (desk.states, buddy.posts) == (["not_sent"], 0)
    buddy.close()


def test_u5_a_handshake_that_stalls_is_unknown_and_then_absent(opened: Open, certificate: Certificate) -> None:
    buddy = HostileBuddy(tls=certificate.context)
    desk = opened(url=buddy.url, ca_file=certificate.path)
    page = desk.form()
    buddy.stalls = True
    page.send(**LEAST)
    assert desk.states == ["unknown"]
    buddy.stalls = False
    desk.settle()
    assert (desk.states, buddy.posts) == (["absent"], 0)
    buddy.close()


def test_u6_a_record_that_breaks_after_the_request_was_read_is_unknown_and_then_found(
    opened: Open, certificate: Certificate
) -> None:
    def break_the_record(connection: socket.socket, server: FaultyServer) -> None:
        server.read(connection)
        assert isinstance(connection, Replayed)
        connection.raw.sendall(b"\x17\x03\x03\x00\x20" + b"\x00" * 32)
        server.stopping.wait(1)

    buddy = HostileBuddy(break_the_record, tls=certificate.context)
    desk = opened(url=buddy.url, ca_file=certificate.path)
    desk.send()
    assert desk.states == ["unknown"]
    desk.look(seconds=3)
    assert (desk.states, buddy.posts) == (["found"], 1)
    buddy.close()


def test_u32_while_buddy_cannot_be_read_it_stays_unknown_and_is_looked_for_every_five_minutes(desk: Desk) -> None:
    desk.buddy.creates = False
    desk.buddy.write_fault = faults.read_then_close
    desk.send()
    desk.buddy.readable = False
    for _ in range(14):
        desk.look(minutes=5)
        next_look = desk.row.next_look
        assert next_look is not None
        assert (next_look - desk.clock()).total_seconds() <= 300
    assert desk.states == ["unknown"]
    assert "Run tests" in desk.browser.get("/").text.partition("needs your attention")[2]
    assert "The last look failed" in desk.receipt().text
    desk.buddy.readable = True
    desk.look(minutes=5)
    assert desk.states == ["absent"]


def test_u33_all_pages_of_a_list_of_summaries_are_read(desk: Desk) -> None:
    desk.buddy.write_fault = faults.read_then_close
    for number in range(7):
        desk.buddy.add(BODY | {"name": f"Other {number}"})
    desk.buddy.per_page = 3
    desk.send()
    desk.look(seconds=3)
    assert (desk.states, desk.row.action_id) == (["found"], desk.buddy.added[-1]["id"])


def test_u35_a_proxy_that_refuses_the_tunnel_sends_nothing(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = FaultyServer(answering(b"HTTP/1.1 502 Bad Gateway\r\n\r\n"))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    desk = opened(url="https://buddy.invalid")
    receipt = desk.send()
    assert "The proxy did not let a connection to buddy.invalid through." in receipt.text
    assert desk.states == ["not_sent"]
    proxy.close()


def test_u36_a_netrc_does_not_replace_the_token(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    desk.send()
    assert b"\r\nAuthorization: Bearer token-of-the-tests\r\n" in desk.buddy.requests[0]
    assert desk.buddy.added == [{"id": 100, **stored(BODY)}]
