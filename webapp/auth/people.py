"""People."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody who uses Slipway; `id` owns drafts and submissions."""

    id: str
    name: str


def local_person() -> Person:
    """Without sign-in all browsers of this computer are one person."""
    return Person("local", "this computer")
