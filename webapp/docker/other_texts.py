"""Texts that are no `docker run` and that people have instead: what each is, by the lines that it must have."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

BY_HAND = "Copy its image and its commands into the boxes below"
OF_CONTAINERS = "Copy the image of a container into its box, and its command with its args into the commands"
OF_STEPS = "Copy the commands of a step into the commands, and its image into the boxes"


@dataclass(frozen=True)
class OtherText:
    """A kind of text: what it is called, what to do with it, and patterns that all stand in it. Of a `foreign` one
    nothing is taken, whatever else it looks like."""

    called: str
    advice: str
    patterns: Sequence[re.Pattern[str]]
    foreign: bool = False


def lines(*patterns: str) -> tuple[re.Pattern[str], ...]:
    """Patterns at the beginning of a line, behind its blanks and the dash of a list."""
    return tuple(re.compile(rf"^[ \t]*(?:-[ \t]+)?{pattern}", re.MULTILINE) for pattern in patterns)


def top_lines(*patterns: str) -> tuple[re.Pattern[str], ...]:
    """Patterns at the very beginning of a line."""
    return tuple(re.compile(rf"^{pattern}", re.MULTILINE) for pattern in patterns)


# The first that fits is it.
OTHER_TEXTS = (
    OtherText(
        "a job of CircleCI",
        "Copy the commands below run: into the commands, and the image below docker: into its box",
        (*top_lines("jobs:"), *lines("steps:", "(?:docker|executor|machine|orbs):")),
    ),
    OtherText(
        "a pipeline of Azure",
        "Copy the lines of its scripts into the commands, and its image into the boxes",
        (
            re.compile(r"^[ \t]*-[ \t]+(?:bash|powershell|pwsh|script|task):", re.MULTILINE),
            *lines("(?:steps|vmImage):"),
        ),
    ),
    OtherText(
        "a GitHub workflow",
        "Copy the lines below run: into the commands, and the image of container: or uses: docker:// into its box",
        (*top_lines("jobs:"), *lines("(?:runs-on|steps):")),
    ),
    OtherText(
        "a job of Kubernetes", OF_CONTAINERS, top_lines("(?:-[ \\t]+)?apiVersion:", "[ \\t]*kind:"), foreign=True
    ),
    OtherText("a pipeline of Drone", OF_STEPS, top_lines("kind:[ \\t]*pipeline", "steps:"), foreign=True),
    OtherText(
        "a pipeline of Bitbucket",
        "Copy the lines of a script into the commands, and its image into the boxes",
        (*top_lines("pipelines:"), *lines("step:")),
        foreign=True,
    ),
    OtherText(
        "a file of Helm",
        "Copy the repository and the tag of its image into the boxes",
        (
            re.compile(
                r"\{\{-?[ ]*[^{}\n]{0,80}\.Values|^[ \t]*image:[ \t]*\n[ \t]+(?:registry|repository|tag):", re.MULTILINE
            ),
        ),
        foreign=True,
    ),
    OtherText(
        "a buddy.yml",
        BY_HAND,
        lines(r"actions:", r"""(?:action|type):[ \t]*["']?\w"""),
    ),
    OtherText("a Compose file", BY_HAND, (*top_lines("services:"), *lines("(?:image|build):"))),
    OtherText(
        "a container of Kubernetes", OF_CONTAINERS, lines("image:", "(?:args|env|imagePullPolicy|volumeMounts):")
    ),
    OtherText("a step of a pipeline", OF_STEPS, lines("image:", "commands:")),
    OtherText(
        "a service of a Compose file", BY_HAND, lines("image:", "(?:command|environment|ports|volumes|restart):")
    ),
    OtherText(
        "a job of GitLab",
        "Copy the lines of its script into the commands, and its image into the boxes",
        lines("script:"),
    ),
    OtherText(
        "a Dockerfile",
        "Slipway starts images that are built already: copy the name of yours into its box",
        top_lines(r"FROM[ \t]+\S", r"(?:CMD|COPY|ENTRYPOINT|ENV|RUN|WORKDIR)[ \t]"),
    ),
    OtherText(
        "docker compose",
        "Paste the Compose file with the service itself, or the docker run line of the service",
        lines(r"(?:[$#%>][ \t]+)?(?:sudo[ \t]+)?docker[ -]compose[ \t]"),
    ),
    OtherText(
        "docker exec",
        "That runs in a container which is there already: paste the docker run line that starts it",
        lines(r"(?:[$#%>][ \t]+)?(?:sudo[ \t]+)?docker[ \t]+(?:container[ \t]+)?exec[ \t]"),
    ),
    OtherText(
        "docker build",
        "Slipway starts images that are built already: copy the name of yours into its box",
        lines(r"(?:[$#%>][ \t]+)?(?:sudo[ \t]+)?docker[ \t]+(?:buildx[ \t]+)?build[ \t]"),
    ),
    OtherText(
        "variables",
        "Paste them under “Variables”, as one text",
        (
            re.compile(r"\A(?:\s*+(?:#[^\n]*+|(?:export[ \t]+)?[A-Za-z_]\w*+=[^\n]*+)(?:\n|\Z))++\s*+\Z"),
            *lines(r"(?:export[ \t]+)?[A-Za-z_]\w*="),
        ),
    ),
)


def other_text(text: str) -> OtherText | None:
    """What a text looks like; None where it looks like none of these."""
    return next((each for each in OTHER_TEXTS if all(pattern.search(text) for pattern in each.patterns)), None)


def is_foreign(text: str) -> bool:
    """Whether a text is one of which nothing is taken."""
    other = other_text(text)
    return other is not None and other.foreign
