"""Inviting people, and changing what they may do. `roles`: role → words."""

from collections.abc import Mapping

from webapp.forms.fields import Choice, Line
from webapp.forms.passwords import LONGEST_NAME, PageForm, short_enough
from webapp.forms.validators import needed, plain


class RoleForm(PageForm):
    """What somebody may do, at present `role`."""

    role = Choice("Role", "Choose a role", choices={})

    def __init__(self, roles: Mapping[str, str], role: str | None = None) -> None:
        super().__init__(role=role)
        self.role.choices = dict(roles)


class InvitationForm(RoleForm):
    """Somebody who is to sign in with a password of their own."""

    name = Line(
        "Name",
        [needed("Enter a name"), plain("The name")],
        longest=LONGEST_NAME,
        description="How the record calls them, for example Ada Byron.",
    )
    login = Line(
        "Sign-in name",
        [needed("Enter a sign-in name"), plain("The sign-in name"), short_enough],
        longest=LONGEST_NAME,
        description="What they will type to sign in, for example their e-mail address.",
    )
