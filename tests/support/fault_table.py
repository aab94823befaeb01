"""What a server can do to a write, and what that proves."""

import gzip

from support import faults
from support.examples import RESPONSE_EXAMPLE, dumped
from support.faults import Fault, answer, answering
from webapp.buddy.outcomes import Created, Rejected
from webapp.http.failures import Unknown

BOM = b"\xef\xbb\xbf"
ERRORS = {"errors": [{"message": "no"}]}
TRUE_LENGTH = len(dumped(RESPONSE_EXAMPLE))

HINT = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"


def created(**changes: object) -> Fault:
    """Answer 201 with the contract's example, a little changed."""
    return answering(answer("201 Created", RESPONSE_EXAMPLE | changes))


# What an addition comes to, and a run. For the other writes it is the same, but that a 201 proves nothing of them.
ANSWERED: dict[str, tuple[Fault, type]] = {
    "reset at the first byte": (faults.reset_at_once, Unknown),
    "read, then closed": (faults.read_then_close, Unknown),
    "read, then reset": (faults.read_then_reset, Unknown),
    "read, then silent": (faults.read_and_wait, Unknown),
    "read, silent, done too late": (faults.create_late, Unknown),
    "201, reset in the body": (faults.reset_in_the_body, Unknown),
    "201, too long a length": (answering(answer("201 Created", length=TRUE_LENGTH + 50)), Unknown),
    "201, a bad chunk": (answering(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"), Unknown),
    "201, a chunk of less than nothing": (
        answering(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n-10\r\n"),
        Unknown,
    ),
    "201, bad gzip": (answering(answer("201 Created", b"no gzip", "Content-Encoding: gzip")), Unknown),
    "201, good gzip": (
        answering(answer("201 Created", gzip.compress(dumped(RESPONSE_EXAMPLE)), "Content-Encoding: gzip")),
        Created,
    ),
    "201": (created(), Created),
    "201, after a byte-order mark": (answering(answer("201 Created", BOM + dumped(RESPONSE_EXAMPLE))), Created),
    "400, after a byte-order mark": (answering(answer("400 Bad Request", BOM + dumped(ERRORS))), Rejected),
    "200": (answering(answer("200 OK")), Created),
    "202": (answering(answer("202 Accepted")), Created),
    "200 with errors": (answering(answer("200 OK", RESPONSE_EXAMPLE | ERRORS)), Unknown),
    "200 of another action": (answering(answer("200 OK", RESPONSE_EXAMPLE | {"id": 3})), Created),
    "204": (answering(b"HTTP/1.1 204 No Content\r\n\r\n"), Unknown),
    "201, empty": (answering(answer("201 Created", b"")), Unknown),
    "201, HTML": (answering(answer("201 Created", b"<h1>Welcome</h1>")), Unknown),
    "201, half a JSON": (answering(answer("201 Created", b'{"id": 2')), Unknown),
    "201, nested deeply": (
        answering(answer("201 Created", b'{"id": 2, "a": ' + b"[" * 500 + b"]" * 500 + b"}")),
        Unknown,
    ),
    "201, nested endlessly": (answering(answer("201 Created", b"[" * 100_000)), Unknown),
    "201, NaN": (answering(answer("201 Created", b'{"id": 2, "timeout": NaN}')), Unknown),
    "201, a number beyond all": (answering(answer("201 Created", b'{"id": 2, "timeout": 1e999}')), Unknown),
    "201, the id a text": (created(id="2"), Unknown),
    "201, the id negative": (created(id=-1), Unknown),
    "201, the id zero": (created(id=0), Unknown),
    "201, the id true": (created(id=True), Unknown),
    "201, the id a list": (created(id=[2]), Unknown),
    "201, the id too large": (created(id=2**63), Unknown),
    "201, the id of 5000 digits": (answering(answer("201 Created", b'{"id": ' + b"1" * 5000 + b"}")), Unknown),
    "201, the name null": (created(name=None), Created),
    "201, a list": (answering(answer("201 Created", [RESPONSE_EXAMPLE])), Unknown),
    "201, a link to a program": (created(html_url="javascript:alert(1)"), Created),
    "201, a name with tags": (created(name="<img src=x onerror=alert(1)>"), Created),
    "201, a name of half characters": (created(name="\ud800 \udfff"), Created),
    "400": (answering(answer("400 Bad Request", ERRORS)), Rejected),
    "400, 50 messages": (answering(answer("400 Bad Request", {"errors": [{"message": "no"}] * 50})), Rejected),
    "400, nested": (answering(answer("400 Bad Request", {"errors": [[{"message": ["no"]}]]})), Rejected),
    "400, HTML": (answering(answer("400 Bad Request", b"<script>alert(1)</script>")), Rejected),
    "400 that names a field": (
        answering(answer("400 Bad Request", {"errors": [{"message": "Field region is required."}]})),
        Rejected,
    ),
    "201, an endless body": (faults.endless_body, Unknown),
    "201, a dripping body": (faults.drip_body, Unknown),
    "dripping headers": (faults.drip_headers, Unknown),
    "201, two lengths": (answering(answer("201 Created", RESPONSE_EXAMPLE, "Content-Length: 5")), Unknown),
    "201, 300 headers": (answering(answer("201 Created", RESPONSE_EXAMPLE, *["X-More: 1"] * 300)), Unknown),
    "201, a large header": (answering(answer("201 Created", RESPONSE_EXAMPLE, "X-More: " + "x" * 1_000_000)), Unknown),
    "garbage": (answering(b"\x00\x01garbage\r\n\r\n"), Unknown),
    "HTTP/0.9": (answering(dumped(RESPONSE_EXAMPLE)), Unknown),
    "401": (answering(answer("401 Unauthorized", ERRORS)), Rejected),
    "403": (answering(answer("403 Forbidden", ERRORS)), Rejected),
    "404": (answering(answer("404 Not Found", ERRORS)), Rejected),
    "409 of Buddy": (answering(answer("409 Conflict", ERRORS)), Rejected),
    "409 of somebody": (answering(answer("409 Conflict", b"<h1>Conflict</h1>")), Unknown),
    "422": (answering(answer("422 Unprocessable", ERRORS)), Rejected),
    "a redirect to nowhere": (answering(b"HTTP/1.1 307 Moved\r\nLocation: http://[\r\n\r\n"), Unknown),
    "a redirect that is no text": (answering(b"HTTP/1.1 307 Moved\r\nLocation: \xff\r\n\r\n"), Unknown),
    "a broken redirect": (
        answering(b"HTTP/1.1 307 Moved\r\nLocation: /\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        Unknown,
    ),
    "429": (answering(answer("429 Too Many Requests", ERRORS, "Retry-After: 5")), Rejected),
    "408": (answering(answer("408 Request Timeout", ERRORS)), Unknown),
    "418": (answering(answer("418 Teapot", ERRORS)), Unknown),
    **{
        f"{status} {sender}": (answering(answer(status, body)), Unknown)
        for sender, body in (("of Buddy", ERRORS), ("of somebody", b"<h1>Sorry</h1>"))
        for status in ("500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout")
    },
    "100, then 201": (answering(b"HTTP/1.1 100 Continue\r\n\r\n", answer("201 Created")), Created),
    "103, then 201": (answering(HINT, answer("201 Created")), Created),
    "102 and 103, then 201": (
        answering(
            b"HTTP/1.1 102 Processing\r\n\r\n" + HINT * 5 + b"HTTP/1.1 100 Continue\r\n\r\n", answer("201 Created")
        ),
        Created,
    ),
    "103, then 400": (answering(HINT, answer("400 Bad Request", ERRORS)), Rejected),
    "103, then nothing": (answering(HINT), Unknown),
    "103 without end": (faults.endless_hints, Unknown),
    "101": (answering(b"HTTP/1.1 101 Switching Protocols\r\n\r\n", answer("201 Created")), Unknown),
}
