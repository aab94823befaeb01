"""What a server can do to a write, and what that proves. The ids are those of the catalogue of faults."""

import gzip

from support import faults
from support.faults import Fault, answer, answering
from support.upstream import RESPONSE_EXAMPLE, dumped
from webapp.buddy.outcomes import Created, Rejected, Unknown

BOM = b"\xef\xbb\xbf"
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
    "201 after a byte-order mark": (answering(answer("201 Created", BOM + dumped(RESPONSE_EXAMPLE))), Created),
    "400 after a byte-order mark": (answering(answer("400 Bad Request", BOM + dumped(ERRORS))), Rejected),
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
