"""What can go wrong when Buddy is asked, as one tree.

BuddyError
├── Unreachable         nothing was sent: no connection, no name, no trust in the certificate
├── NoAnswer            the request went out and no whole answer came back
├── BadAnswer           an answer came that can't be read
│   ├── NotWhole        it is too large, or was cut
│   └── NotAllRead      a list came, and one of its entries can't be read
├── TooMany             a list has more entries than anybody reads
└── Refused             Buddy answered no
    ├── Invalid         400, 422 and other 4xx, or `errors` in a 200: the request is not accepted
    │   └── TakesNoChanges  the pipeline is frozen, or comes from a YAML file
    ├── TokenRefused    401: the token is missing, wrong, expired or revoked
    ├── Forbidden       403: a scope or a permission is missing
    ├── ApiDisabled     400 or 403: the workspace has the API switched off
    ├── RateLimited     429, or 403 that says so: too many requests
    ├── NotFound        404: not there, or hidden from this token
    └── ServerTrouble   5xx: Buddy itself has a problem
"""

from collections.abc import Sequence

from webapp.http.scopes import with_included
from webapp.http.waits import in_words

MOST_NAMES = 10
# Of reads and of writes alike.
LATE = "Buddy did not answer in time."
BROKE_OFF = "The connection to Buddy broke before its answer came."


class BuddyError(Exception):
    """Something went wrong at Buddy. `sentence` says what, `advice` what to do next, both in plain words.

    `passes` tells whether the same request may succeed a moment later, `wait` after how many seconds, if that is known.
    `request` is the method and the address that were asked, without token, headers and body, and `path` the address
    below that of the API.
    """

    sentence = "Buddy could not be asked."
    advice = "Try again in a moment."
    passes = True
    wait: int | None = None

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.request = ""
        self.path = ""

    def __str__(self) -> str:
        return f"{self.request}: {self.detail}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class Unreachable(BuddyError):
    """Nothing was sent: there was no connection to Buddy."""

    advice = "Check the network and the address of Buddy's API, then try again."

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.sentence = detail


class NoAnswer(BuddyError):
    """The request went out, and no whole answer came back in time."""

    sentence = LATE

    def __init__(self, broken: bool = False) -> None:
        super().__init__("the connection broke" if broken else "the time was over")
        self.broken = broken
        if broken:
            self.sentence = BROKE_OFF


class BadAnswer(BuddyError):
    """Buddy's answer can't be read."""

    sentence = "Buddy gave an answer that Slipway can't read."
    advice = "Check that the address of Buddy's API is right, then try again."


class NotWhole(BadAnswer):
    """The answer is larger than anything that Slipway reads, or its end is missing."""

    sentence = "Buddy's answer is too large for Slipway, or was cut on its way."
    advice = "Look at it in Buddy."


class NotAllRead(BadAnswer):
    """Of a list that has to be known whole, so many entries can't be read."""

    def __init__(self, unread: int) -> None:
        super().__init__(f"{count(unread)} can't be read")
        self.sentence = f"{count(unread)} of Buddy's list could not be read, and may include what you are looking for."


def count(entries: int) -> str:
    """So many entries, in words."""
    return "1 entry" if entries == 1 else f"{entries:,} entries"


class TooMany(BuddyError):
    """A list goes on after `most` entries; `name` is what it lists."""

    passes = False
    advice = "Open what you are looking for in Buddy, then paste its address here."

    def __init__(self, most: int, name: str) -> None:
        super().__init__(f"more than {most} {name}")
        self.sentence = f"Buddy has more than {most:,} {name}, too many to list."


class Refused(BuddyError):
    """Buddy answered no: an HTTP `status`, and how many seconds it asks to `wait`, if it does.

    Raised itself for nothing: each kind of refusal has a class of its own.
    """

    passes = False

    def __init__(self, status: int, messages: tuple[str, ...] = (), wait: int | None = None) -> None:
        super().__init__(f"{status}: {'; '.join(messages)}" + (f" (wait {wait} s)" if wait else ""))
        self.status = status
        self.wait = wait


class Invalid(Refused):
    """Buddy does not accept the request."""

    sentence = "Buddy did not accept this."
    advice = "Correct what Buddy's message is about, then try again."


class TakesNoChanges(Invalid):
    """The pipeline takes no changes: it is frozen, or comes from a YAML file."""

    advice = (
        "This pipeline takes no changes. Copy the action to another pipeline, or have this one opened for changes in "
        "Buddy."
    )


class TokenRefused(Refused):
    """The token is missing, wrong, expired or revoked."""

    sentence = "Buddy refused the API token."
    advice = "The token is wrong, expired or revoked: set a new one where Slipway was given this one."


class Forbidden(Refused):
    """A scope of the token, or a permission of its user, is missing.

    `accepted` are the scopes of which Buddy wants one, `granted` those of the token, as far as the answer tells.
    """

    sentence = "The API token may not do this."
    advice = (
        "The token needs the scopes WORKSPACE, EXECUTION_INFO, EXECUTION_MANAGE and INTEGRATION_INFO (newer names: "
        "WORKSPACE_READ, PROJECT_READ, PIPELINE_WRITE, PIPELINE_RUN and INTEGRATION_READ), and its user access to this "
        "project."
    )

    def __init__(
        self, status: int, messages: tuple[str, ...] = (), accepted: Sequence[str] = (), granted: Sequence[str] = ()
    ) -> None:
        super().__init__(status, messages)
        if not accepted or not granted:
            return
        if with_included(granted) & set(accepted):
            self.sentence = "The API token has the scope for this, and Buddy refuses it all the same."
            self.advice = "Most likely its user may not do this: give that user access to this project in Buddy."
        else:
            wanted = "the scope" if len(accepted) == 1 else "one of the scopes"
            self.sentence = (
                f"The API token may not do this: Buddy wants {wanted} {some(accepted)} for it, "
                f"and the token has {some(granted)}."
            )
            self.advice = "Use a token that has it." if len(accepted) == 1 else "Use a token that has one of them."


def some(names: Sequence[str]) -> str:
    """Names in one line, at most ten of them."""
    rest = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")


class ApiDisabled(Refused):
    """The workspace has the API switched off."""

    sentence = "This workspace has Buddy's API switched off."
    advice = "An administrator of the workspace can switch it on in Buddy's settings."


class RateLimited(Refused):
    """Too many requests; `wait` is how many seconds Buddy asks to wait."""

    passes = True
    advice = "Wait that long, then try again."

    def __init__(self, status: int, messages: tuple[str, ...] = (), wait: int | None = None) -> None:
        super().__init__(status, messages, wait)
        self.sentence = f"Buddy asks to wait {in_words(wait)}." if wait else "Buddy asks to wait a while."


class NotFound(Refused):
    """It is not there, or hidden from this token."""

    sentence = "Buddy has no such workspace, project, pipeline or action, or does not show it to this token."
    advice = "Check the address, or choose the pipeline from the lists."


class ServerTrouble(Refused):
    """Buddy itself has a problem."""

    sentence = "Buddy has a problem of its own."
    passes = True

    def __init__(self, status: int, messages: tuple[str, ...] = (), wait: int | None = None) -> None:
        super().__init__(status, messages, wait)
        if wait:
            self.advice = f"Buddy asks to wait {in_words(wait)}. Then try again."
