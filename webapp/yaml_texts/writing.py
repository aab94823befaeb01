"""Writing a text."""

from typing import Any

import yaml

# Wider than any line, so that none is folded.
WIDEST = 2**31 - 1
OTHER_LINE_ENDS = frozenset("\r\x85\u2028\u2029\ufeff")


class Writer(yaml.SafeDumper):
    """Writes texts of several lines as people write them."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True


def write_text(writer: Writer, text: str) -> yaml.ScalarNode:
    """Write a text, as a block where it has several lines. Other line ends than \\n are only kept in quotes."""
    style = '"' if set(text) & OTHER_LINE_ENDS else "|" if "\n" in text else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Writer.add_representer(str, write_text)


def write(data: Any) -> str:
    """Write plain data."""
    written: str = yaml.dump(data, Dumper=Writer, sort_keys=False, allow_unicode=True, width=WIDEST)
    return written
