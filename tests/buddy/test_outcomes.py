"""What came of a send, against servers that really misbehave. The ids are those of the catalogue of faults."""

import gzip
import json
import tracemalloc
from email.utils import formatdate
from time import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import faults
from support.faults import Fault, answer, answering
from support.upstream import REQUEST_EXAMPLE, RESPONSE_EXAMPLE, dumped

from webapp.buddy.actions import RunDockerContainer
from webapp.buddy.images import IntegrationImage
from webapp.buddy.outcomes import (
    Changed,
    Created,
    Deleted,
    Rejected,
    Unknown,
    classify_addition,
    classify_change,
    classify_deletion,
)
from webapp.buddy.refusals import error_messages
from webapp.buddy.transport import Answer

from .conftest import CHANGES, PLACE, Make, Start, Write

ERRORS = {"errors": [{"message": "no"}]}
TRUE_LENGTH = len(dumped(RESPONSE_EXAMPLE))

HINT = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"


def created(**changes: object) -> Fault:
    """Answer 201 with the contract's example, a little changed."""
    return answering(answer("201 Created", RESPONSE_EXAMPLE | changes))


# What an addition comes to. For the other writes it is the same, but that a 201 proves nothing of them; see below.
ANSWERED: dict[str, tuple[Fault, type]] = {
    "U7 reset at the first byte": (faults.reset_at_once, Unknown),
    "U8 read, then closed": (faults.read_then_close, Unknown),
    "U9 read, then reset": (faults.read_then_reset, Unknown),
    "U10 read, then silent": (faults.read_and_wait, Unknown),
    "U11 read, silent, done too late": (faults.create_late, Unknown),
    "U12 201, reset in the body": (faults.reset_in_the_body, Unknown),
    "U13 too long a length": (answering(answer("201 Created", length=TRUE_LENGTH + 50)), Unknown),
    "U13 bad chunk": (answering(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"), Unknown),
    "U13 chunk of less than nothing": (
        answering(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n-10\r\n"),
        Unknown,
    ),
    "U13 bad gzip": (answering(answer("201 Created", b"no gzip", "Content-Encoding: gzip")), Unknown),
    "good gzip": (
        answering(answer("201 Created", gzip.compress(dumped(RESPONSE_EXAMPLE)), "Content-Encoding: gzip")),
        Created,
    ),
    "201": (created(), Created),
    "U14 200": (answering(answer("200 OK")), Created),
    "U14 202": (answering(answer("202 Accepted")), Created),
    "U14 200 with errors": (answering(answer("200 OK", RESPONSE_EXAMPLE | ERRORS)), Unknown),
    "U14 200 of another": (answering(answer("200 OK", RESPONSE_EXAMPLE | {"id": 3})), Created),
    "U14 204": (answering(b"HTTP/1.1 204 No Content\r\n\r\n"), Unknown),
    "U15 empty": (answering(answer("201 Created", b"")), Unknown),
    "U15 HTML": (answering(answer("201 Created", b"<h1>Welcome</h1>")), Unknown),
    "U15 half a JSON": (answering(answer("201 Created", b'{"id": 2')), Unknown),
    "U15 nested deeply": (
        answering(answer("201 Created", b'{"id": 2, "a": ' + b"[" * 500 + b"]" * 500 + b"}")),
        Unknown,
    ),
    "U15 nested endlessly": (answering(answer("201 Created", b"[" * 100_000)), Unknown),
    "U15 NaN": (answering(answer("201 Created", b'{"id": 2, "timeout": NaN}')), Unknown),
    "U16 id text": (created(id="2"), Unknown),
    "U16 id negative": (created(id=-1), Unknown),
    "U16 id zero": (created(id=0), Unknown),
    "U16 id true": (created(id=True), Unknown),
    "U16 id list": (created(id=[2]), Unknown),
    "U16 id too large": (created(id=2**63), Unknown),
    "U16 id with 5000 digits": (answering(answer("201 Created", b'{"id": ' + b"1" * 5000 + b"}")), Unknown),
    "U16 name null": (created(name=None), Created),
    "U16 list": (answering(answer("201 Created", [RESPONSE_EXAMPLE])), Unknown),
    "U17 a link to a program": (created(html_url="javascript:alert(1)"), Created),
    "U18 a name with tags": (created(name="<img src=x onerror=alert(1)>"), Created),
    "U18 a name of half characters": (created(name="\ud800 \udfff"), Created),
    "U19 400": (answering(answer("400 Bad Request", ERRORS)), Rejected),
    "U19 400, 50 messages": (answering(answer("400 Bad Request", {"errors": [{"message": "no"}] * 50})), Rejected),
    "U19 400, nested": (answering(answer("400 Bad Request", {"errors": [[{"message": ["no"]}]]})), Rejected),
    "U19 400, HTML": (answering(answer("400 Bad Request", b"<script>alert(1)</script>")), Rejected),
    "U20 400 that names a field": (
        answering(answer("400 Bad Request", {"errors": [{"message": "Field region is required."}]})),
        Rejected,
    ),
    "U21 endless": (faults.endless_body, Unknown),
    "U21 dripping body": (faults.drip_body, Unknown),
    "U21 dripping headers": (faults.drip_headers, Unknown),
    "U22 two lengths": (answering(answer("201 Created", RESPONSE_EXAMPLE, "Content-Length: 5")), Unknown),
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
    "U26 a redirect to nowhere": (answering(b"HTTP/1.1 307 Moved\r\nLocation: http://[\r\n\r\n"), Unknown),
    "U26 a redirect that is no text": (answering(b"HTTP/1.1 307 Moved\r\nLocation: \xff\r\n\r\n"), Unknown),
    "U26 a broken redirect": (
        answering(b"HTTP/1.1 307 Moved\r\nLocation: /\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        Unknown,
    ),
    "U27 429": (answering(answer("429 Too Many Requests", ERRORS, "Retry-After: 5")), Rejected),
    "408": (answering(answer("408 Request Timeout", ERRORS)), Unknown),
    "418": (answering(answer("418 Teapot", ERRORS)), Unknown),
    **{
        f"{id} {status}": (answering(answer(status, body)), Unknown)
        for id, body in (("U28 done,", ERRORS), ("U29 not done,", b"<h1>Sorry</h1>"))
        for status in ("500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout")
    },
    "U30 100, then 201": (answering(b"HTTP/1.1 100 Continue\r\n\r\n", answer("201 Created")), Created),
    "U30 103, then 201": (answering(HINT, answer("201 Created")), Created),
    "U30 102 and 103, then 201": (
        answering(
            b"HTTP/1.1 102 Processing\r\n\r\n" + HINT * 5 + b"HTTP/1.1 100 Continue\r\n\r\n", answer("201 Created")
        ),
        Created,
    ),
    "U30 103, then 400": (answering(HINT, answer("400 Bad Request", ERRORS)), Rejected),
    "U30 103, then nothing": (answering(HINT), Unknown),
    "U30 103 without end": (faults.endless_hints, Unknown),
    "U30 101": (answering(b"HTTP/1.1 101 Switching Protocols\r\n\r\n", answer("201 Created")), Unknown),
}
# Where another write comes to something else than an addition, or than nothing that is known.
OTHERWISE: dict[tuple[str, str], type] = {
    ("edit", "U14 200"): Changed,
    ("delete", "U14 204"): Deleted,
}


@pytest.mark.parametrize("id", ANSWERED)
def test_every_fault_ends_in_its_outcome_and_nothing_is_sent_twice(
    faulty: Start, client: Make, write: Write, id: str
) -> None:
    fault, of_addition = ANSWERED[id]
    of_others = Unknown if of_addition is Created else of_addition
    expected = of_addition if write.name == "add" else OTHERWISE.get((write.name, id), of_others)
    server = faulty(fault)
    assert type(write.send(client(server.url))) is expected
    assert server.writes == (0 if fault is faults.reset_at_once else 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_u26_a_redirect_is_not_followed(faulty: Start, client: Make, write: Write, status: int) -> None:
    target = faulty(answering(answer(write.status)))
    server = faulty(answering(answer(f"{status} Moved", ERRORS, f"Location: {target.url}/elsewhere")))
    assert isinstance(write.send(client(server.url)), Unknown)
    assert (server.writes, target.requests) == (1, [])


def test_u21_an_endless_body_does_not_fill_the_memory(faulty: Start, client: Make) -> None:
    server = faulty(faults.endless_body)
    tracemalloc.start()
    Write("add").send(client(server.url))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


def test_u25_each_refusal_has_a_sentence_of_its_own_and_says_what_to_do(faulty: Start, client: Make) -> None:
    refusals = {
        "400 Bad Request": ERRORS,
        "400 Disabled": {"errors": [{"message": "API is disabled in this workspace."}]},
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


WAITS = {
    "Retry-After: 5": 5,
    "Retry-After: -3": None,
    "Retry-After: 1.5": None,
    "Retry-After: soon": None,
    "Retry-After:": None,
    "Retry-After: 0": 1,
    "Retry-After: 99999999": 300,
    f"Retry-After: {formatdate(time() + 9999, usegmt=True)}": 300,
    "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT": 1,
    "Retry-After: Wed, 21 Oct 99999 07:28:00 GMT": None,
    "X-Rate-Limit-Reset: 9999999999": 300,
    "X-Rate-Limit-Reset: 1456744000": 1,
    "X-Rate-Limit-Reset: later": None,
    "X-Nothing: 1": None,
}


@pytest.mark.parametrize(("header", "wait"), WAITS.items(), ids=[line.partition(" 2")[0] for line in WAITS])
def test_u27_the_time_to_wait_is_read_and_limited(faulty: Start, client: Make, header: str, wait: int | None) -> None:
    server = faulty(answering(answer("429 Too Many Requests", ERRORS, header)))
    outcome = Write("add").send(client(server.url))
    assert isinstance(outcome, Rejected)
    assert outcome.sentence == (f"Buddy asks to wait {wait} seconds." if wait else "Buddy asks to wait a while.")
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


@given(
    st.integers(100, 599),
    st.binary(),
    st.dictionaries(st.sampled_from(["Retry-After", "X-Rate-Limit-Reset"]), st.text()),
)
def test_any_bytes_end_in_an_outcome(status: int, body: bytes, headers: dict[str, str]) -> None:
    answered = Answer(status, headers, body)
    for outcome in (classify_addition(answered), classify_change(answered, 2), classify_deletion(answered)):
        assert isinstance(outcome, Rejected | Unknown | Deleted)
