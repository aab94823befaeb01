"""People, and what each role may do."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do: a viewer reads, a contributor also adds from templates, an editor also adds, changes and
    deletes whatever there is, an administrator also looks after people and token."""

    VIEWER = "viewer"
    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"

    @classmethod
    def of(cls, name: str) -> "Role":
        """The role with a name; what a newer Slipway calls a role may here do what a viewer may."""
        return next((role for role in cls if role == name), cls.VIEWER)

    def covers(self, needed: "Role") -> bool:
        """Whether this role may do what needs the other one."""
        return RANKS[self] >= RANKS[needed]


# Who may more stands further behind.
RANKS = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True)
class Person:
    """Somebody who uses Slipway; `id` owns drafts and submissions."""

    id: str
    name: str
    role: Role


# Without sign-in all browsers of this computer are one person.
LOCAL = Person("local", "this computer", Role.ADMINISTRATOR)
# On the sandbox one may be each of these in turn, the first one at first.
DEMO = tuple(Person(f"demo-{role}", f"Demo {role}", role) for role in reversed(Role))


def demo_person(role: str) -> Person | None:
    """Find the sandbox's person with a role; None when there is no such role."""
    return next((person for person in DEMO if person.role == role), None)
