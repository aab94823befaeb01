"""Every shape of an answer to an addition: the state that it ends in, and what the page says of it."""

from typing import NamedTuple

import pytest
from support.buddy import StubBuddy
from support.examples import RESPONSE_EXAMPLE, dumped
from support.faults import answer, answering
from support.rigs import SECRETS, Rig

ACTION = RESPONSE_EXAMPLE
NO_ID = {name: value for name, value in ACTION.items() if name != "id"}
ADDED = "has added the action to"
UNREAD = "What came back could not be read."
WITH_ERRORS = "What came back tells of errors and does not say whether it was done."
NOT_ACCEPTED = "Buddy did not accept this."
NOTHING_ADDED = "Nothing was added"
SAYS = "Buddy answered with status {}, which does not say whether it was done."
DO_NOT = "Do not add it again."
PLAIN = "Content-Type: text/plain"
PROBLEM = "Content-Type: application/problem+json"
HTML = "Content-Type: text/html"


class Shape(NamedTuple):
    """An answer, the state after it, what the page says, and what it must not say."""

    status: str
    body: object
    headers: tuple[str, ...]
    state: str
    says: tuple[str, ...]
    never: tuple[str, ...] = ()


def created(status: str, body: object, *headers: str) -> Shape:
    return Shape(status, body, headers, "created", (ADDED,), ("got lost",))


def unknown(status: str, body: object, *says: str, headers: tuple[str, ...] = (), never: tuple[str, ...] = ()) -> Shape:
    number = status.partition(" ")[0]
    sentence = UNREAD if number in ("200", "201", "202") else SAYS.format(number)
    told = says if WITH_ERRORS in says else (sentence, *says)
    return Shape(status, body, headers, "unknown", (DO_NOT, *told), ("got lost", NOTHING_ADDED, *never))


def rejected(
    status: str, body: object, *says: str, headers: tuple[str, ...] = (), never: tuple[str, ...] = ()
) -> Shape:
    return Shape(status, body, headers, "rejected", (NOTHING_ADDED, *says), ("got lost", DO_NOT, *never))


def errors(*messages: object) -> dict[str, object]:
    return {"errors": [{"message": message} for message in messages]}


TOO_LONG = "The field region is " + "far " * 200 + "too long."
SHAPES: dict[str, Shape] = {
    # An action with a valid id proves that it was added, and nothing else does.
    "201": created("201 Created", ACTION),
    "201, of the action no more than its id": created("201 Created", {"id": 2}),
    "201, nothing said of errors": created("201 Created", ACTION | {"errors": [], "error": None}),
    "201, after a byte-order mark": created("201 Created", b"\xef\xbb\xbf" + dumped(ACTION)),
    "200": created("200 OK", ACTION),
    "202": created("202 Accepted", ACTION),
    "200, as plain text": created("200 OK", ACTION, PLAIN),
    "201 without a body": unknown("201 Created", b""),
    "201 without an id": unknown("201 Created", NO_ID),
    "201, the id a text": unknown("201 Created", ACTION | {"id": "2"}),
    "201, the id null": unknown("201 Created", ACTION | {"id": None}),
    "201, a list": unknown("201 Created", [ACTION]),
    "201, half a JSON": unknown("201 Created", b'{"id": 2'),
    "201, HTML": unknown("201 Created", b"<h1>Welcome</h1>", headers=(HTML,), never=("Welcome",)),
    "201, plain text": unknown("201 Created", b"Welcome", headers=(PLAIN,), never=("Welcome",)),
    "204": unknown("204 No Content", b""),
    "206": unknown("206 Partial Content", ACTION),
    # A success with errors proves neither: Buddy's own clients take it for a failure, its status says that it is done.
    "200 with errors": unknown("200 OK", errors("No more actions here."), WITH_ERRORS, "No more actions here."),
    "200 with errors, and an id": unknown("200 OK", ACTION | errors("Half done."), WITH_ERRORS, "Half done."),
    "201 with errors by field": unknown(
        "201 Created", {"errors": {"region": ["is unknown"]}}, WITH_ERRORS, "region: is unknown"
    ),
    "201 with one error": unknown("201 Created", ACTION | {"error": "Half done."}, WITH_ERRORS, "Half done."),
    "202 with errors": unknown("202 Accepted", errors("Later."), WITH_ERRORS, "Later."),
    # A redirect is not followed: what stands behind it can have taken the request or not.
    "301": unknown("301 Moved Permanently", b"", headers=("Location: /elsewhere",)),
    "302": unknown("302 Found", b"", headers=("Location: https://example.com/",)),
    "303": unknown("303 See Other", b"", headers=("Location: /actions/5",)),
    "304": unknown("304 Not Modified", b""),
    "307": unknown("307 Temporary Redirect", errors("Go away."), "Go away.", headers=("Location: /",)),
    # These say that nothing was done, whoever says it.
    "400": rejected("400 Bad Request", errors("Field region is required."), NOT_ACCEPTED, "Field region is required."),
    "400, several": rejected("400 Bad Request", errors("One.", "Two."), "One.", "Two."),
    "400, too many": rejected("400 Bad Request", errors(*map("No {}.".format, range(50))), "No 9.", "and 40 more"),
    "400, too long": rejected("400 Bad Request", errors(TOO_LONG), TOO_LONG[:300].strip(), never=("too long.",)),
    "400, one error": rejected("400 Bad Request", {"error": "Not like this."}, "Not like this."),
    "400, one error with a message": rejected("400 Bad Request", {"error": {"message": "Not so."}}, "Not so."),
    "400, one error, described": rejected(
        "400 Bad Request", {"error": "invalid", "error_description": "Not so."}, "invalid", "Not so."
    ),
    "400, a message": rejected("400 Bad Request", {"message": "Not like this."}, "Not like this."),
    "400, texts": rejected(
        "400 Bad Request", {"errors": ["One.", ["Two.", {"message": ["Three."]}]]}, "One.", "Three."
    ),
    "400, by field": rejected("400 Bad Request", {"errors": {"region": ["is unknown"]}}, "region: is unknown"),
    "400, messages without a name": rejected("400 Bad Request", {"errors": [{"text": "Not so."}]}, "text: Not so."),
    "400, a list": rejected("400 Bad Request", ["Not like this."], "Not like this."),
    "400, a text": rejected("400 Bad Request", "Not like this.", "Not like this."),
    "400, a problem": rejected(
        "400 Bad Request",
        {"type": "about:blank", "title": "Bad input.", "status": 400, "detail": "The region is unknown."},
        *("Bad input.", "The region is unknown."),
        headers=(PROBLEM,),
        never=("about:blank",),
    ),
    "400, plain text": rejected("400 Bad Request", b"Not like\n this.", "Not like this.", headers=(PLAIN,)),
    "400, tags in a message": rejected(
        "400 Bad Request", errors("<script>alert(1)</script>"), "<script>alert(1)</script>"
    ),
    "400, HTML": rejected("400 Bad Request", b"<h1>Sorry</h1>", "Bad Request", headers=(HTML,), never=("Sorry",)),
    "400, HTML that says it is JSON": rejected("400 Bad Request", b"<h1>Sorry</h1>", "Bad Request", never=("Sorry",)),
    "400, HTML that says it is text": rejected(
        "400 Bad Request", b"Sorry <b>you</b>", "Bad Request", headers=(PLAIN,), never=("Sorry",)
    ),
    "400, no text": rejected("400 Bad Request", b"\x00\x01\xff", "Bad Request", headers=(PLAIN,)),
    "400, nothing": rejected("400 Bad Request", b"", NOT_ACCEPTED, "Bad Request"),
    "400, switched off": rejected(
        "400 Bad Request", errors("API is disabled in this workspace."), "has Buddy's API switched off"
    ),
    "401": rejected("401 Unauthorized", errors("Who are you?"), "Buddy refused the API token.", "Who are you?"),
    "403": rejected("403 Forbidden", errors("Not you."), "The API token may not do this.", "Not you."),
    "403, by scopes": rejected(
        "403 Forbidden",
        errors("Not you."),
        *("Buddy wants the scope PIPELINE_WRITE for it, and the token has PIPELINE_READ.", "Not you."),
        headers=("X-Accepted-OAuth-Scopes: PIPELINE_WRITE", "X-OAuth-Scopes: PIPELINE_READ"),
    ),
    "403, too often": rejected(
        "403 Forbidden", errors("Rate limit exceeded."), "1 hour 49 minutes", headers=("Retry-After: 6540",)
    ),
    "404": rejected("404 Not Found", errors("No pipeline."), "Buddy has no such workspace", "No pipeline."),
    "405": rejected("405 Method Not Allowed", errors("Not here."), NOT_ACCEPTED, "Not here."),
    "413": rejected("413 Content Too Large", b"", NOT_ACCEPTED),
    "415": rejected("415 Unsupported Media Type", errors("No JSON."), NOT_ACCEPTED, "No JSON."),
    "422": rejected("422 Unprocessable Content", errors("No such tag."), NOT_ACCEPTED, "No such tag."),
    "429": rejected("429 Too Many Requests", b"", "Buddy asks to wait a while."),
    "429, for long": rejected("429 Too Many Requests", b"", "1 hour 49 minutes", headers=("Retry-After: 6540",)),
    # These do so in Buddy's own words; from somebody between they prove nothing.
    "402": rejected("402 Payment Required", errors("Your plan has no more."), "Your plan has no more."),
    "402 of somebody": unknown("402 Payment Required", b"<h1>Pay</h1>", headers=(HTML,), never=("Pay",)),
    "406": rejected("406 Not Acceptable", errors("Only XML."), "Only XML."),
    "409": rejected("409 Conflict", errors("Such a name is there."), NOT_ACCEPTED, "Such a name is there."),
    "409, a problem": rejected("409 Conflict", {"title": "Conflict.", "detail": "A name."}, "A name."),
    "409 of somebody": unknown("409 Conflict", b"<h1>Conflict</h1>", headers=(HTML,), never=("<h1>",)),
    "409, plain text": unknown("409 Conflict", b"Not now.", "Not now.", headers=(PLAIN,)),
    "409, JSON without words": unknown("409 Conflict", {"status": 409}),
    "409, cut": Shape("409 Conflict", errors("No"), ("Transfer-Encoding: chunked",), "unknown", (DO_NOT,)),
    "410": rejected("410 Gone", errors("It was moved."), "It was moved."),
    "423": rejected("423 Locked", errors("The project is locked."), "The project is locked."),
    "423 of somebody": unknown("423 Locked", b""),
    "425": rejected("425 Too Early", errors("Too early."), "Too early."),
    "425 of somebody": unknown("425 Too Early", b"Too early.", "Too early.", headers=(PLAIN,)),
    "451": rejected("451 Unavailable For Legal Reasons", errors("Not in your country."), "Not in your country."),
    # These say nothing of what was done, whoever says it: somebody between may have given up waiting.
    "408": unknown("408 Request Timeout", errors("Too slow."), "Too slow."),
    "407": unknown("407 Proxy Authentication Required", errors("Who?"), "Who?"),
    "418": unknown("418 I'm a Teapot", errors("Short and stout."), "Short and stout."),
    "499": unknown("499 Client Closed Request", b""),
    "500": unknown("500 Internal Server Error", errors("Something broke."), "Something broke."),
    "502": unknown("502 Bad Gateway", b"<h1>Sorry</h1>", headers=(HTML,), never=("Sorry",)),
    "503": unknown("503 Service Unavailable", b"Come back later.", "Come back later.", headers=(PLAIN,)),
    "504": unknown("504 Gateway Timeout", b""),
    "520": unknown("520 Unknown", errors("Nobody knows."), "Nobody knows."),
    "599": unknown("599 Anything", b""),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_an_answer_ends_in_its_state_and_the_page_says_what_buddy_said(
    rig: Rig, buddy: StubBuddy, shape: Shape
) -> None:
    buddy.creates = False
    buddy.write_fault = answering(answer(shape.status, shape.body, *shape.headers))
    page = rig.send()
    assert (rig.row.state, buddy.writes) == (shape.state, 1)
    for words in shape.says:
        assert words in page.text
    for words in shape.never:
        assert words not in page.text
    assert "<script>alert" not in page.html


@pytest.mark.parametrize("status", ["503 Service Unavailable", "402 Payment Required", "200 OK"])
@pytest.mark.parametrize("length", [0, 280])
def test_buddys_words_repeat_no_secret_not_even_where_they_are_cut(
    rig: Rig, buddy: StubBuddy, status: str, length: int
) -> None:
    buddy.creates = False
    said = "x" * length + "The password canary-password does not fit, nor does canary-variable."
    buddy.write_fault = answering(answer(status, errors(said)))
    page = rig.send(**SECRETS)
    assert rig.row.messages == [
        said.replace("canary-password", "[secret]").replace("canary-variable", "[secret]")[:300]
    ]
    assert "canary" not in page.html


def test_a_secret_that_another_one_begins_with_is_repeated_in_no_part(rig: Rig, buddy: StubBuddy) -> None:
    buddy.creates = False
    buddy.write_fault = answering(answer("402 Payment Required", errors("Neither hunter2 nor hunter2-prod-7731 fits.")))
    rig.send(**SECRETS | {"password": "hunter2", "variables-0-value": "hunter2-prod-7731"})
    assert rig.row.messages == ["Neither [secret] nor [secret] fits."]


def test_secrets_that_overlap_are_repeated_in_no_part(rig: Rig, buddy: StubBuddy) -> None:
    buddy.creates = False
    buddy.write_fault = answering(answer("402 Payment Required", errors("The value canary-one-two does not fit.")))
    rig.send(**SECRETS | {"password": "canary-one", "variables-0-value": "one-two"})
    assert rig.row.messages == ["The value [secret] does not fit."]
