"""All that a shell would read in a text."""

from webapp.docker.shell import Operator, Splitter, Token, is_of_windows


def split_words(text: str) -> list[Token]:
    """Take a text apart into words and operators, line by line, as what is pasted is. Raises `CommandError`."""
    of_windows, tokens, place = is_of_windows(text), list[Token](), 0
    while place < len(text):
        found, end = Splitter(text, of_windows, place).split_line()
        tokens += [*found, *([Operator("\n", end)] if end < len(text) else [])]
        place = end + 1
    return tokens
