"""Masking in a log what Slipway still holds of secrets. A mask is no wall: who prints a secret in parts shows it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from webapp.buddy.executions import LONGEST_LINE
from webapp.buddy.secrecy import REDACTED
from webapp.runs.ansi import Span, text_of
from webapp.submissions.scrub import SHORTEST_PART, joined, spellings


class Masks:
    """Knows the secrets that are to be found. Of one with several lines each is a secret of its own.

    As in what Buddy answers, one that is shorter than six characters is masked only where it is the whole line.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._whole: set[str] = set()
        found: set[str] = set()
        for secret in secrets:
            self._whole.add(secret.strip())
            lines = {line.strip() for line in secret.splitlines()} | {secret}
            found |= {each for line in lines if len(line) >= SHORTEST_PART for each in spellings(line)}
        self._whole.discard("")
        self._by_beginning: dict[str, list[str]] = defaultdict(list)
        for each in sorted(found, key=len, reverse=True):
            self._by_beginning[each[:SHORTEST_PART]].append(each)

    def hide(self, spans: tuple[Span, ...], cut: bool = False) -> tuple[Span, ...]:
        """The spans of a line without its secrets. At the end of one that was `cut`, a secret's beginning is one."""
        text = text_of(spans)
        if text.strip() in self._whole:
            return (Span(REDACTED),)
        places = joined(self._places(text, cut)) if self._by_beginning else []
        return tuple(without(spans, places)) if places else spans

    def _places(self, text: str, cut: bool) -> Iterator[tuple[int, int]]:
        """Where secrets stand, from and to, in order."""
        for at in range(len(text) - SHORTEST_PART + 1):
            longest = next((each for each in self._beginning_at(text, at) if stands_at(each, text, at, cut)), None)
            if longest is not None:
                yield at, min(at + len(longest), len(text))

    def _beginning_at(self, text: str, at: int) -> Sequence[str]:
        """What could stand there, by its beginning; the longest first."""
        return self._by_beginning.get(text[at : at + SHORTEST_PART], ())


def stands_at(secret: str, text: str, at: int, cut: bool) -> bool:
    """Whether a secret stands at a place of a text, or the beginning of it does where the text was cut."""
    return text.startswith(secret, at) or (cut and at + len(secret) > len(text) and secret.startswith(text[at:]))


def without(spans: tuple[Span, ...], places: list[tuple[int, int]]) -> Iterator[Span]:
    """The spans with a mask at each of the places, which are in order."""
    at = 0
    left = iter([*places, (LONGEST_LINE + 1, LONGEST_LINE + 1)])
    begin, end = next(left)
    for span in spans:
        last = at + len(span.text)
        while at < last:
            if at < begin:
                stop = min(begin, last)
                yield Span(span.text[at - last : stop - last or None], span.classes)
                at = stop
                continue
            if at == begin:
                yield Span(REDACTED, span.classes)
            at = min(end, last)
            if at == end:
                begin, end = next(left)
