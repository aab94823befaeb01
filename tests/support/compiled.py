"""Templates, addresses and statements, compiled once for all the Slipways of a process: they always come out the same.

Almost every test has a Slipway of its own, and to compile these takes longer than all else that it does.
"""

from collections.abc import Callable, Iterable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine, event
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart

Builder = Callable[..., tuple[str, str]]
# The parts of an address to compare, its texts and variables in order, and what reads each variable.
Read = tuple[tuple[RulePart, ...], tuple[tuple[bool, str], ...], dict[str, BaseConverter]]


def compile_once() -> None:
    """Let every Slipway that this process makes from here on use what an earlier one has compiled."""
    Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}
    Flask.url_rule_class = CompiledRule
    event.listen(Engine, "engine_connect", share_statements)


class CompiledTemplates(BytecodeCache):
    """Keeps what Jinja has made of each template, apart for the pages and the sandbox, whose `finalize` differ."""

    def __init__(self) -> None:
        self._made: dict[object, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._made.get(identity(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._made[identity(bucket)] = bucket.code


def identity(bucket: Bucket) -> object:
    """Of what the compiled template depends: its address, its text, and what is done to each value."""
    return bucket.key, bucket.checksum, bucket.environment.finalize


class CompiledRule(Rule):
    """Keeps what was read of each address, and the functions that build it. Both depend on its rule and the kinds of
    variables alone, the functions where there are no defaults; Werkzeug has no public names for these steps."""

    read: dict[object, Read] = {}
    made: dict[object, Builder] = {}

    def _parse_rule(self, rule: str) -> Iterable[RulePart]:
        assert self.map is not None
        identity = rule, *self.map.converters.values()
        if identity not in self.read:
            before = len(self._trace)
            parts = tuple(super()._parse_rule(rule))
            self.read[identity] = parts, tuple(self._trace[before:]), {**self._converters}
        else:
            parts, trace, converters = self.read[identity]
            self._trace += trace
            self._converters |= converters
            self.arguments |= converters.keys()
        return parts

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        identity = self.rule, tuple(self._trace), append_unknown
        if identity not in self.made:
            self.made[identity] = super()._compile_builder(append_unknown)
        return self.made[identity]


class CompiledStatements(dict[Any, Any]):
    """What SQLAlchemy has made of each statement, for all databases of a kind: its keys begin with their dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), compiled)


STATEMENTS = CompiledStatements()


def share_statements(connection: Connection) -> None:
    """Let a connection use what others have compiled."""
    connection.execution_options(compiled_cache=STATEMENTS)
