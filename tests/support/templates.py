"""Templates, compiled once for all the Slipways of a process: what comes out is always the same."""

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
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
