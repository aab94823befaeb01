"""Which role a provider's claims give."""

import pytest

from webapp.auth.openid.provider_accounts import role_of
from webapp.auth.people import Role
from webapp.settings import Oidc

GROUPS = {
    "administrators": frozenset({"heads"}),
    "editors": frozenset({"dev", "ops"}),
    "contributors": frozenset({"sales"}),
    "viewers": frozenset({"all"}),
}
TABLE = {
    "a list": ({"groups": ["all", "dev"]}, "groups", Role.EDITOR),
    "the highest one": ({"groups": ["all", "heads", "dev"]}, "groups", Role.ADMINISTRATOR),
    "one text": ({"groups": "all"}, "groups", Role.VIEWER),
    "between a viewer and an editor": ({"groups": ["all", "sales"]}, "groups", Role.CONTRIBUTOR),
    "an editor all the same": ({"groups": ["sales", "dev"]}, "groups", Role.EDITOR),
    "none of them": ({"groups": ["guests"]}, "groups", None),
    "no claim": ({}, "groups", None),
    "an odd claim": ({"groups": {"heads": True}}, "groups", None),
    "odd values": ({"groups": [7, None, ["heads"]]}, "groups", None),
    "inside another": ({"realm_access": {"roles": ["ops"]}}, "realm_access.roles", Role.EDITOR),
    "a name with a dot": ({"https://a.example/groups": ["ops"]}, "https://a.example/groups", Role.EDITOR),
    "a verified address": ({"email": "dev", "email_verified": True}, "email", Role.EDITOR),
    "an address that anybody can claim": ({"email": "dev"}, "email", None),
}


@pytest.mark.parametrize(("claims", "name", "role"), TABLE.values(), ids=TABLE)
def test_a_claim_gives_a_role_or_none(claims: dict[str, object], name: str, role: Role | None) -> None:
    assert role_of(claims, Oidc("https://id.example.com", "slipway", "secret", name, **GROUPS)) is role


def test_a_star_lets_everybody_in_whom_the_provider_knows() -> None:
    oidc = Oidc("https://id.example.com", "slipway", "secret", viewers=frozenset({"*"}), editors=frozenset({"dev"}))
    assert role_of({}, oidc) is Role.VIEWER
    assert role_of({"groups": ["dev"]}, oidc) is Role.EDITOR
