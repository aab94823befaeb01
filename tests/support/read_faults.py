"""What a server can do to a read, what is raised then, and how often it is asked."""

from support import faults
from support.examples import PIPELINE
from support.faults import Fault, answer, answering
from webapp.http.errors import (
    ApiDisabled,
    BadAnswer,
    BuddyError,
    Forbidden,
    Invalid,
    NoAnswer,
    NotFound,
    NotWhole,
    RateLimited,
    ServerTrouble,
    TokenRefused,
)


def errors(message: str) -> dict[str, object]:
    return {"errors": [{"message": message}]}


READ_FAULTS: dict[str, tuple[Fault, type[BuddyError], int]] = {
    "401": (answering(answer("401 Unauthorized", errors("no"))), TokenRefused, 1),
    "403": (answering(answer("403 Forbidden", errors("no"))), Forbidden, 1),
    "403 too many": (
        answering(answer("403 Forbidden", errors("Rate limit exceeded."), "X-Rate-Limit-Reset: 9999999999")),
        RateLimited,
        1,
    ),
    "403 none left": (answering(answer("403 Forbidden", errors("no"), "X-Rate-Limit-Remaining: 0")), RateLimited, 3),
    "400 switched off": (
        answering(answer("400 Bad Request", errors("API is disabled in this workspace."))),
        ApiDisabled,
        1,
    ),
    "403 switched off": (
        answering(answer("403 Forbidden", errors("API is disabled in this workspace."))),
        ApiDisabled,
        1,
    ),
    "404": (answering(answer("404 Not Found", errors("no"))), NotFound, 1),
    "400": (answering(answer("400 Bad Request", errors("no"))), Invalid, 1),
    "429 long": (answering(answer("429 Too Many Requests", errors("no"), "Retry-After: 60")), RateLimited, 1),
    "429 silent": (answering(answer("429 Too Many Requests", errors("no"))), RateLimited, 3),
    "500": (answering(answer("500 Internal Server Error", errors("no"))), ServerTrouble, 1),
    "502": (answering(answer("502 Bad Gateway", b"<h1>Sorry</h1>")), ServerTrouble, 3),
    "503": (answering(answer("503 Service Unavailable", errors("no"))), ServerTrouble, 3),
    "503 long": (answering(answer("503 Service Unavailable", b"", "Retry-After: 60")), ServerTrouble, 1),
    # This header is on every answer: it says nothing of a trouble that passes.
    "503 with limits": (answering(answer("503 Trouble", b"", "X-Rate-Limit-Reset: 9999999999")), ServerTrouble, 3),
    "504": (answering(answer("504 Gateway Timeout", b"")), ServerTrouble, 3),
    "200 with errors": (answering(answer("200 OK", errors("no"))), Invalid, 1),
    "302": (answering(answer("302 Found", b"", "Location: http://127.0.0.1/")), BadAnswer, 1),
    "204": (answering(answer("204 No Content", b"")), BadAnswer, 1),
    "bad gzip": (answering(answer("200 OK", b"no gzip", "Content-Encoding: gzip")), NotWhole, 1),
    "HTML": (answering(answer("200 OK", b"<h1>Welcome</h1>")), BadAnswer, 1),
    "empty": (answering(answer("200 OK", b"")), BadAnswer, 1),
    "cut": (answering(answer("200 OK", PIPELINE, length=10**5)), NoAnswer, 3),
    "too large": (answering(answer("200 OK", b" " * 1_100_000)), NotWhole, 1),
    "nested deeply": (answering(answer("200 OK", b"[" * 500 + b"]" * 500)), BadAnswer, 1),
    "NaN": (answering(answer("200 OK", b'{"id": NaN}')), BadAnswer, 1),
    "a number beyond all": (answering(answer("200 OK", b'{"id": 1, "size": -1e999}')), BadAnswer, 1),
    "list": (answering(answer("200 OK", [1])), BadAnswer, 1),
    "closed": (faults.read_then_close, NoAnswer, 3),
    "silent": (faults.read_and_wait, NoAnswer, 1),
}
