"""What a token may do: the names of its scopes, older and newer ones, and what of it Slipway needs.

Sources: Buddy's pages "Scopes" and "Personal access tokens", its changelog of August 2026, and its Go SDK.
"""

import re
from collections.abc import Iterable, Mapping

# What is needed, in words, and each set of scopes that is enough for it.
Needs = Mapping[str, tuple[frozenset[str], ...]]
# What each lets a token do that matters to Slipway.
MEANINGS = {
    "WORKSPACE": "see workspaces and projects",
    "WORKSPACE_READ": "see workspaces",
    "WORKSPACE_MANAGE": "see and manage workspaces",
    "PROJECT_READ": "see projects",
    "PROJECT_WRITE": "see and change projects",
    "PROJECT_MANAGE": "see and manage projects",
    "EXECUTION_INFO": "see pipelines and actions",
    "EXECUTION_RUN": "run pipelines, and see them with their actions",
    "EXECUTION_MANAGE": "add, change and delete actions, and see and run pipelines",
    "PIPELINE_READ": "see pipelines and actions",
    "PIPELINE_RUN": "run pipelines, and see them with their actions",
    "PIPELINE_WRITE": "add, change and delete actions, and see pipelines",
    "PIPELINE_MANAGE": "add, change and delete actions, and see, run and manage pipelines",
    "INTEGRATION_INFO": "see integrations, such as registries",
    "INTEGRATION_ADD": "see and add integrations, such as registries",
    "INTEGRATION_READ": "see integrations, such as registries",
    "INTEGRATION_WRITE": "see and change integrations, such as registries",
    "INTEGRATION_MANAGE": "see and manage integrations, such as registries",
    "TOKEN_INFO": "tell about itself",
}
# Each scope that has more in it than its own, and the next lower ones. Whether PIPELINE_RUN is in PIPELINE_WRITE, Buddy
# does not say.
INCLUDES: Mapping[str, tuple[str, ...]] = {
    "WORKSPACE_MANAGE": ("WORKSPACE_READ",),
    "PROJECT_WRITE": ("PROJECT_READ",),
    "PROJECT_MANAGE": ("PROJECT_WRITE",),
    "EXECUTION_RUN": ("EXECUTION_INFO",),
    "EXECUTION_MANAGE": ("EXECUTION_RUN",),
    "PIPELINE_RUN": ("PIPELINE_READ",),
    "PIPELINE_WRITE": ("PIPELINE_READ",),
    "PIPELINE_MANAGE": ("PIPELINE_RUN", "PIPELINE_WRITE"),
    "INTEGRATION_ADD": ("INTEGRATION_INFO",),
    "INTEGRATION_WRITE": ("INTEGRATION_READ",),
    "INTEGRATION_MANAGE": ("INTEGRATION_ADD", "INTEGRATION_WRITE"),
}
# What Slipway needs, and each set of scopes that is enough for it, of the older names and of the newer ones.
NEEDED: Needs = {
    "see workspaces and projects": (frozenset({"WORKSPACE"}), frozenset({"WORKSPACE_READ", "PROJECT_READ"})),
    "see pipelines and actions": (frozenset({"EXECUTION_INFO"}), frozenset({"PIPELINE_READ"})),
    "add actions": (frozenset({"EXECUTION_MANAGE"}), frozenset({"PIPELINE_WRITE"})),
    "see integrations": (frozenset({"INTEGRATION_INFO"}), frozenset({"INTEGRATION_READ"})),
}
# What it needs only to try actions. PIPELINE_WRITE may or may not be enough.
RUNNING: Needs = {
    "run pipelines": (frozenset({"EXECUTION_RUN"}), frozenset({"PIPELINE_RUN"}), frozenset({"PIPELINE_WRITE"})),
}
# The first words of scopes that give nothing of that.
ELSEWHERE = (
    *("CRAWL_", "DISTRIBUTION_", "DOMAIN_", "ENVIRONMENT_", "GROUP_", "MEMBER_", "PERMISSION_", "REPOSITORY_"),
    *("SANDBOX_", "TARGET_", "TOKEN_", "TUNNEL_", "UNIT_TEST_", "USER_", "VARIABLE_", "VISUAL_TEST_", "WEBHOOK_"),
)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,63}", re.ASCII)
LONGEST_HEADER = 4000


def with_included(scopes: Iterable[str]) -> frozenset[str]:
    """The scopes with all that are in them: a higher level includes the lower ones."""
    found: set[str] = set()
    waiting = list(scopes)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += INCLUDES.get(name, ())
    return frozenset(found)


def meaning(scope: str) -> str:
    """What a scope lets a token do, in words; nothing of one that is not known."""
    return MEANINGS.get(scope) or ("not needed by Slipway" if scope.startswith(ELSEWHERE) else "")


def lacking(scopes: Iterable[str], needed: Needs = NEEDED) -> list[str]:
    """Tell, in words, what of the `needed` a token with these scopes may not do.

    Nothing when one of them is not known, since it may allow just that.
    """
    given = with_included(scopes)
    if not all(map(meaning, given)):
        return []
    return [words for words, ways in needed.items() if not any(way <= given for way in ways)]


def scopes_in(header: str) -> tuple[str, ...]:
    """Read the scopes of a header, between commas or spaces; none where it is no list of names."""
    if len(header) > LONGEST_HEADER:
        return ()
    names = tuple(header.replace(",", " ").split())
    return names if all(map(NAME.fullmatch, names)) else ()
