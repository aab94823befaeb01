"""What came of a send, against servers that really misbehave."""

import json
import tracemalloc
from email.utils import formatdate
from time import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import faults
from support.examples import REQUEST_EXAMPLE, dumped
from support.fault_table import ANSWERED, ERRORS
from support.faults import answer, answering

from webapp.buddy.container import Container
from webapp.buddy.images import IntegrationImage
from webapp.buddy.outcomes import (
    Changed,
    Created,
    Deleted,
    Rejected,
    StopTaken,
    classify_addition,
    classify_change,
    classify_deletion,
)
from webapp.http.failures import Unknown
from webapp.http.messages import short, words
from webapp.http.refusals import messages_of
from webapp.http.transport import Answer

from .conftest import CHANGES, PLACE, Make, Start, Write

# Where another write than a POST comes to something else than an addition, or than nothing that is known.
OTHERWISE: dict[tuple[str, str], type] = {
    ("edit", "200"): Changed,
    ("stop", "200"): StopTaken,
    ("delete", "204"): Deleted,
}


@pytest.mark.parametrize("id", ANSWERED)
def test_every_fault_ends_in_its_outcome_and_nothing_is_sent_twice(
    faulty: Start, client: Make, write: Write, id: str
) -> None:
    fault, of_addition = ANSWERED[id]
    if of_addition is Created and write.method == "POST":
        expected = write.done
    else:
        expected = OTHERWISE.get((write.name, id), Unknown if of_addition is Created else of_addition)
    server = faulty(fault)
    assert type(write.send(client(server.url))) is expected
    assert server.writes == (0 if fault is faults.reset_at_once else 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(faulty: Start, client: Make, write: Write, status: int) -> None:
    target = faulty(answering(answer(write.status)))
    server = faulty(answering(answer(f"{status} Moved", ERRORS, f"Location: {target.url}/elsewhere")))
    assert isinstance(write.send(client(server.url)), Unknown)
    assert (server.writes, target.requests) == (1, [])


def test_an_endless_body_does_not_fill_the_memory(faulty: Start, client: Make) -> None:
    server = faulty(faults.endless_body)
    tracemalloc.start()
    Write("add").send(client(server.url))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


def test_each_refusal_has_a_sentence_of_its_own_and_says_what_to_do(faulty: Start, client: Make) -> None:
    refusals = {
        "400 Bad Request": ERRORS,
        "400 Disabled": {"errors": [{"message": "API is disabled in this workspace."}]},
        "400 Fixed": {"errors": [{"message": "This pipeline is defined in a YAML file."}]},
        "401 Unauthorized": ERRORS,
        "403 Forbidden": ERRORS,
        "404 Not Found": ERRORS,
        "429 Too Many Requests": ERRORS,
    }
    outcomes = [
        Write("add").send(client(faulty(answering(answer(status, body))).url)) for status, body in refusals.items()
    ]
    said = [(outcome.sentence, outcome.advice) for outcome in outcomes if isinstance(outcome, Rejected)]
    assert len(set(said)) == len(refusals)
    assert all(sentence.endswith(".") and advice.endswith(".") for sentence, advice in said)


NO_TIME = "Buddy asks to wait a while."
WAITS = {
    "Retry-After: 5": "Buddy asks to wait 5 seconds.",
    "Retry-After: -3": NO_TIME,
    "Retry-After: 1.5": NO_TIME,
    "Retry-After: soon": NO_TIME,
    "Retry-After:": NO_TIME,
    "Retry-After: 0": "Buddy asks to wait 1 second.",
    "Retry-After: 120": "Buddy asks to wait 2 minutes.",
    "Retry-After: 121": "Buddy asks to wait 2 minutes 1 second.",
    "Retry-After: 300": "Buddy asks to wait 5 minutes.",
    "Retry-After: 3599": "Buddy asks to wait 59 minutes 59 seconds.",
    "Retry-After: 6540": "Buddy asks to wait 1 hour 49 minutes.",
    "Retry-After: 6541": "Buddy asks to wait 1 hour 50 minutes.",
    "Retry-After: 7199": "Buddy asks to wait 2 hours.",
    "Retry-After: 86399": "Buddy asks to wait 24 hours.",
    "Retry-After: 90000": "Buddy asks to wait 1 day 1 hour.",
    "Retry-After: 99999999": "Buddy asks to wait more than a year.",
    f"Retry-After: {formatdate(time() + 9 * 3600 - 600, usegmt=True)}": "Buddy asks to wait 8 hours ",
    f"Retry-After: {formatdate(time() + 9 * 3600 - 600)}": "Buddy asks to wait 8 hours ",
    "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT": "Buddy asks to wait 1 second.",
    "Retry-After: Wed, 21 Oct 99999 07:28:00 GMT": NO_TIME,
    "Retry-After: Wed, 21 Oct 2015 07:28:00 " + "x" * 5000: NO_TIME,
    f"X-Rate-Limit-Reset: {int(time()) + 9 * 3600 - 600}": "Buddy asks to wait 8 hours ",
    "X-Rate-Limit-Reset: 9999999999": "Buddy asks to wait more than a year.",
    "X-Rate-Limit-Reset: 1456744000": "Buddy asks to wait 1 second.",
    "X-Rate-Limit-Reset: later": NO_TIME,
    "X-Nothing: 1": NO_TIME,
}


@pytest.mark.parametrize(("header", "sentence"), WAITS.items(), ids=range(len(WAITS)))
def test_the_time_to_wait_is_said_as_it_is(faulty: Start, client: Make, header: str, sentence: str) -> None:
    server = faulty(answering(answer("429 Too Many Requests", ERRORS, header)))
    outcome = Write("add").send(client(server.url))
    assert isinstance(outcome, Rejected)
    assert outcome.sentence.startswith(sentence)
    assert server.writes == 1


def test_a_change_and_a_deletion_are_sent_as_documented(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("200 OK")))
    sender = client(f"{server.url}/api/")
    sender.edit_action(PLACE, 2, CHANGES)
    sender.delete_action(PLACE, 2)
    (head, _, body), (head_of_deletion, _, nothing) = (request.partition(b"\r\n\r\n") for request in server.requests)
    path = b"/api/workspaces/buddy/projects/company-website/pipelines/2/actions/2 HTTP/1.1\r\n"
    assert head.startswith(b"PATCH " + path) and head_of_deletion.startswith(b"DELETE " + path)
    assert (json.loads(body), nothing) == (CHANGES, b"")


def test_the_request_is_the_contracts_to_the_letter(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("201 Created")))
    image = IntegrationImage("library/ubuntu", "latest", "5ddb7c180fb38be67bd78a88a")
    client(f"{server.url}/api").add_action(PLACE, Container("Run container", image, "ls -al > ls.log"))
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/workspaces/buddy/projects/company-website/pipelines/2/actions HTTP/1.1\r\n")
    for line in (b"Content-Type: application/json", b"Accept: application/json", b"X-Buddy-Media-Type: buddy.v1.1.0"):
        assert b"\r\n" + line in head
    wanted = {name: REQUEST_EXAMPLE[name] for name in ("name", "type", "integration", "inline_commands")}
    assert wanted.items() <= json.loads(body).items()


def test_messages_of_any_shape_are_found_and_cut() -> None:
    many = {"errors": [{"message": f"message {number}"} for number in range(50)]}
    assert words(dumped(many))[-2:] == ("message 9", "and 40 more")
    assert words(dumped({"errors": [{"message": "no"}] * 50})) == ("no",)
    assert short(words(dumped({"errors": [{"message": "x" * 200_000}]}))) == ("x" * 300,)
    assert words(dumped({"errors": ["one", ["two", {"message": "three"}]]})) == ("one", "two", "three")
    nested: object = "deep"
    for _ in range(50):
        nested = {"errors": [nested]}
    assert words(dumped(nested)) == ()
    assert words(dumped({"id": 2, "name": "Run tests", "errors": []})) == ()
    assert words(b"<h1>No</h1>") == words(b"\xff") == words(b'{"errors": [') == words(b"") == words(None) == ()
    assert messages_of(400, b"") == ("Bad Request",)
    assert messages_of(599, None) == ("Status 599",)


@given(
    st.integers(100, 599),
    st.binary(),
    st.dictionaries(st.sampled_from(["Retry-After", "X-Rate-Limit-Reset"]), st.text()),
)
def test_any_bytes_end_in_an_outcome(status: int, body: bytes, headers: dict[str, str]) -> None:
    answered = Answer(status, headers, body)
    for outcome in (classify_addition(answered), classify_change(answered, 2), classify_deletion(answered)):
        assert isinstance(outcome, Rejected | Unknown | Deleted)
