"""A whole log as plain text, read page after page while it is sent on: nothing of it is held or stored."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from webapp.buddy.client import Client
from webapp.buddy.executions import LONGEST_LINE, ActionExecution
from webapp.buddy.places import Place
from webapp.http.errors import BuddyError, NotFound
from webapp.http.slots import Busy
from webapp.runs.ansi import read_line, text_of
from webapp.runs.maskable_secrets import MaskableSecrets
from webapp.runs.masks import Masks
from webapp.runs.reading import LogReader, Part
from webapp.store.models import Submission
from webapp.submissions.places import place_of

# In lines, and in seconds for the reads of all pages.
MOST_LINES, MOST_SECONDS = 200_000, 600.0
MORE = "[Slipway: the log goes on, and is too long for a download. Look at the rest of it in Buddy.]\n"
NOTHING = "[Slipway: Buddy has no log of this action.]\n"


class DownloadRunning(Exception):
    """Somebody else is downloading a log. `sentence` says so, `advice` what to do next, both in plain words."""

    sentence = "A log is being downloaded already, and Slipway reads one at a time."
    advice = "Wait a minute, then try again."


@dataclass
class Downloads:
    """Reads whole logs, one at a time in this process."""

    client: Client
    maskable: MaskableSecrets
    _turn: Lock = field(default_factory=Lock, init=False)

    def begin(self, row: Submission, action: int) -> "Text":
        """Give the text of the log of an action of a row's run, a page at a time.

        The first page is read at once, so that what goes wrong with it is raised: `BuddyError`, `Busy`,
        `DownloadRunning`, `JournalUnavailable`. What goes wrong later is said at the end of the text. The turn is
        over with the text, or when nobody reads on and it is closed.
        """
        if row.execution is None:
            return Text(NOTHING, iter(()), None)
        if not self._turn.acquire(blocking=False):
            raise DownloadRunning
        try:
            masks = Masks((*self.maskable.of_run(row), *self.maskable.of_action(row, action)))
            place = place_of(row)
            found = self.client.execution(place, row.execution).of_action(action)
            text = self._text(place, row.execution, found, masks)
            first = next(text)
        except BaseException:
            self._turn.release()
            raise
        return Text(first, text, self._turn)

    def _text(self, place: Place, execution: int, action: ActionExecution | None, masks: Masks) -> Iterator[str]:
        """The text, a page at a time, of which the first may be empty. What goes wrong with that one is raised."""
        if action is None:
            yield NOTHING
            return
        reader, last_begin = LogReader(self.client, place, execution, action), monotonic() + MOST_SECONDS
        try:
            part = reader.read()
        except NotFound:
            yield NOTHING
            return
        yield plain(part, masks)
        while part.lines:
            if reader.next >= MOST_LINES or monotonic() > last_begin:
                yield MORE
                return
            try:
                part = reader.read()
            except (BuddyError, Busy) as error:
                yield f"[Slipway: the log ends here, and may go on. {error.sentence} {error.advice}]\n"
                return
            yield plain(part, masks)


class Text(Iterator[str]):
    """A text in pieces; who closes it, or comes to its end, gives the turn to the next."""

    def __init__(self, first: str, rest: Iterator[str], turn: "Lock | None") -> None:
        self._first: str | None = first
        self._rest = rest
        self._turn = turn

    def __next__(self) -> str:
        """Give the next piece."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        try:
            return next(self._rest)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Read no more."""
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()

    def __del__(self) -> None:
        """Nobody has read it, as where a browser asks for its head alone."""
        self.close()


def plain(part: Part, masks: Masks) -> str:
    """Lines without their colours, and without the secrets that are held."""
    spans = (masks.hide(read_line(line)[0], cut=len(line) >= LONGEST_LINE) for line in part.lines)
    return "".join(f"{text_of(each)}\n" for each in spans)
