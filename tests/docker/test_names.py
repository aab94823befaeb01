"""The variables that commands use and nobody in sight defines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.docker.names import mark_undefined

# Commands → what of them is marked.
USES = {
    "plain": ("echo $A", ["$A"]),
    "braces": ("echo ${A}b", ["${A}"]),
    "braces with a default": ("echo ${A:-1}", ["${A"]),
    "double quotes": ('echo "$A don\'t $B"', ["$A", "$B"]),
    "single quotes": ("awk '{print $NF}' f", []),
    "an apostrophe that is open": ("echo don't $A", ["$A"]),
    "escaped": (r"echo \$A \\$B", ["$B"]),
    "comment": ("ls # $A\necho $B", ["$B"]),
    "no comment": ("echo a#$A ${#B}", ["$A"]),
    "not a comment in quotes": ('echo "# $A"', ["$A"]),
    "no name": ("echo $1 $? $$ $(ls) $((1+1)) $", []),
    "twice": ("$A $A", ["$A", "$A"]),
    "defined here": ("echo $DEFINED", []),
    "set by the commands": ("B=1; C+=2 && echo $B $C", []),
    "exported": ("export B=$A\necho $B", ["$A"]),
    "loop": ("for f in *; do cat $f; done", []),
    "read": ("while read -r line; do echo $line; done", []),
    "brought along": ("cd $HOME; echo $PATH", []),
    "Buddy's": ("echo $BUDDY_EXECUTION_ID", []),
}


@pytest.mark.parametrize(("commands", "marked"), USES.values(), ids=USES)
def test_each_use_is_marked_unless_it_is_defined(commands: str, marked: list[str]) -> None:
    pieces = mark_undefined(commands, ["DEFINED"])
    assert [piece.text for piece in pieces if piece.name] == marked


@given(st.text(alphabet="$A{}'\"\\# \n=;"))
def test_the_pieces_are_the_whole_text(commands: str) -> None:
    assert "".join(piece.text for piece in mark_undefined(commands, [])) == commands
