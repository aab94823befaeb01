"""Rules for everything that is sent to Buddy: what a team asks of it, and what it thinks of one request."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from webapp.docker.variables import used_names

MOST_VALUES = 50
LONGEST_VALUE = 200
LONGEST_SENTENCE = 300
# So many of a rule's values are named in a sentence.
MOST_NAMED = 5
DOCKER_HUB = "docker.io"
# What else the same registry goes by.
HUB_NAMES = frozenset({"", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com"})
# What Docker takes where no tag is given.
NO_TAG = "latest"
ROOT = re.compile(r"root|[+-]?0+")
HOST = re.compile(r"(?:[a-z0-9*?.-]+|\[[0-9a-f:]+\])(?::[0-9*?]{1,5})?")
TAG = re.compile(r"[\w*?][\w*?.-]{0,127}", re.ASCII)
NAME = re.compile(r"[A-Za-z_*?][A-Za-z0-9_*?]*")
PLACE = re.compile(r"[^/\s*]+(?:/[^/\s*]+(?:/[1-9][0-9]{0,17})?)?")
EVERYWHERE = "*"


class Verdict(StrEnum):
    """What comes of it when a rule is not kept: a warning, or nothing is sent."""

    WARN = "warn"
    REFUSE = "refuse"


class Subject(StrEnum):
    """What a rule is about."""

    REGISTRY = "registry"
    TAG = "tag"
    ENCRYPTED = "encrypted"
    USER = "user"
    TIMEOUT = "timeout"
    TEMPLATES = "templates"


# What people call each.
TITLES: Mapping[Subject, str] = {
    Subject.REGISTRY: "Registries that are allowed",
    Subject.TAG: "Tags that are not allowed",
    Subject.ENCRYPTED: "Variables that must be encrypted",
    Subject.USER: "A user that is not root",
    Subject.TIMEOUT: "A time limit",
    Subject.TEMPLATES: "Pipelines that take templates only",
}
# What editors may do where a rule says so, and what each is called.
SWITCHES: Mapping[str, str] = {
    "editors_make_templates": "Who makes templates",
    "editors_run_pipelines": "Who runs whole pipelines",
}
# What is said where the team has no sentence of its own.
SENTENCES: Mapping[Subject, str] = {
    Subject.REGISTRY: "The image must come from a registry that is allowed: {values}",
    Subject.TAG: "The tag must not be {values}",
    Subject.ENCRYPTED: "This variable must be encrypted, as all are that are called {values}",
    Subject.USER: "The user must be set, and must not be root",
    Subject.TIMEOUT: "The time limit must be set",
    Subject.TEMPLATES: "New actions of this pipeline must be added from a template",
}
WITHOUT_VALUES = frozenset({Subject.USER, Subject.TIMEOUT})


@dataclass(frozen=True)
class SendingRule:
    """One rule: without a `verdict` it is off. `sentence` is the team's own, or empty."""

    verdict: Verdict | None = None
    sentence: str = ""
    values: tuple[str, ...] = ()


OFF = SendingRule()


@dataclass(frozen=True)
class SendingRules:
    """All rules, those that are off left out, and what editors may do, too: make templates, run whole pipelines."""

    rules: Mapping[Subject, SendingRule] = field(default_factory=dict)
    editors_make_templates: bool = False
    editors_run_pipelines: bool = False

    def rule(self, subject: Subject) -> SendingRule:
        """The rule about something."""
        return self.rules.get(subject, OFF)

    @property
    def refuse(self) -> bool:
        """Whether any of them can refuse something."""
        return any(rule.verdict is Verdict.REFUSE for rule in self.rules.values())

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "SendingRules":
        """Read what `to_json` made; what a newer Slipway has besides is left out."""
        rules = {subject: read_rule(kept) for subject in Subject if (kept := content.get(subject))}
        return cls(rules, **{name: content.get(name) is True for name in SWITCHES})

    def to_json(self) -> dict[str, Any]:
        """Give them as plain data."""
        rules = {subject: self.rule(subject) for subject in Subject}
        kept = {
            str(subject): {"verdict": rule.verdict, "sentence": rule.sentence, "values": list(rule.values)}
            for subject, rule in rules.items()
        }
        return {**kept, **{name: getattr(self, name) for name in SWITCHES}}


def read_rule(kept: Mapping[str, Any]) -> SendingRule:
    """Read one rule. A verdict that a newer Slipway knows alone refuses: it is no reason to send anything."""
    known: dict[str | None, Verdict | None] = {None: None, **{str(verdict): verdict for verdict in Verdict}}
    verdict = known.get(kept.get("verdict"), Verdict.REFUSE)
    return SendingRule(verdict, kept.get("sentence", ""), tuple(kept.get("values", ())))


@dataclass(frozen=True)
class OutgoingVariable:
    """A variable of a request: its number among all, and whether its value is secret."""

    number: int
    key: str
    secret: bool


@dataclass(frozen=True)
class Outgoing:
    """What is to be sent, as far as rules look at it.

    `image` and `tag` are as they are typed. `registry` is, too: empty for Docker Hub, and None where nobody here knows
    it. An image that is `built` in the pipeline comes from no registry, and its tag is not used. `variables` are those
    that are new or changed. `changed` are the boxes that a change changes; None for a new action, of which all is new.
    """

    workspace: str
    project: str
    pipeline: int
    image: str
    tag: str
    registry: str | None = ""
    built: bool = False
    run_as_user: str = ""
    timeout: int | None = None
    variables: tuple[OutgoingVariable, ...] = ()
    by_template: bool = False
    changed: frozenset[str] | None = None

    def asks_for(self, *boxes: str) -> bool:
        """Whether one of these boxes is new or changed."""
        return self.changed is None or not self.changed.isdisjoint(boxes)


@dataclass(frozen=True)
class Finding:
    """A rule that is not kept: what comes of it, in which words, and the box that it is about.

    The `box` is empty where it is about the whole request, and `variables-<number>` for a variable.
    """

    subject: Subject
    verdict: Verdict
    words: str
    box: str = ""


@dataclass(frozen=True)
class Breach:
    """Where a rule is not kept; or where that can't be told, since somebody has to know what `unknown` is."""

    box: str = ""
    unknown: str = ""


def judge(rules: SendingRules, outgoing: Outgoing) -> tuple[Finding, ...]:
    """Tell which rules a request does not keep, in the order of the form. What can't be told is a warning."""
    found: list[Finding] = []
    for subject, check in CHECKS.items():
        rule = rules.rule(subject)
        if rule.verdict is None:
            continue
        words = sentence(subject, rule)
        for breach in check(rule.values, outgoing):
            verdict = Verdict.WARN if breach.unknown else rule.verdict
            said = f"{words}. {breach.unknown}, so look at it yourself" if breach.unknown else words
            found.append(Finding(subject, verdict, said, breach.box))
    return tuple(found)


def forewarning(rules: SendingRules, workspace: str, project: str, pipeline: int) -> str:
    """What is to be said of a pipeline before anybody fills in the whole form for it; else an empty text."""
    rule = rules.rule(Subject.TEMPLATES)
    told = rule.verdict is not None and any(covers(place, workspace, project, pipeline) for place in rule.values)
    return sentence(Subject.TEMPLATES, rule) if told else ""


def sentence(subject: Subject, rule: SendingRule) -> str:
    """What a rule says, without a full stop."""
    return rule.sentence.rstrip(". ") or SENTENCES[subject].format(values=named(rule.values))


def described(rule: SendingRule) -> str:
    """A rule in words, for the record."""
    if rule.verdict is None:
        return "off"
    parts = [str(rule.verdict), *([named(rule.values)] if rule.values else [])]
    return ": ".join(parts) + (f" (“{rule.sentence}”)" if rule.sentence else "")


def named(values: tuple[str, ...]) -> str:
    """Name some values, and count the others."""
    left = len(values) - MOST_NAMED
    return ", ".join(values[:MOST_NAMED]) + (f" and {left} more" if left > 0 else "")


def check_registry(allowed: tuple[str, ...], outgoing: Outgoing) -> Iterator[Breach]:
    """The image comes from one of the allowed registries."""
    if outgoing.built:
        return
    registry = outgoing.registry
    moved = outgoing.asks_for("registry", "integration", "region")
    if registry is None:
        if moved:
            yield Breach("integration", "Which registry this integration reads from is not known here")
        return
    host = host_of(registry)
    if moved and used_names(host):
        yield Breach("registry", not_known(host))
    elif moved and not matches(host, map(host_of, allowed)):
        yield Breach("registry")
    # Where no registry is given, the first part of the name can be one.
    first = outgoing.image.partition("/")[0]
    if host == DOCKER_HUB and used_names(first) and outgoing.asks_for("docker_image_name"):
        yield Breach("docker_image_name", not_known(first))


def check_tag(refused: tuple[str, ...], outgoing: Outgoing) -> Iterator[Breach]:
    """The tag is none of those that are not allowed."""
    if outgoing.built or not outgoing.asks_for("docker_image_tag"):
        return
    if used_names(outgoing.tag):
        yield Breach("docker_image_tag", not_known(outgoing.tag))
    elif matches(outgoing.tag or NO_TAG, refused):
        yield Breach("docker_image_tag")


def check_encrypted(patterns: tuple[str, ...], outgoing: Outgoing) -> Iterator[Breach]:
    """Variables with such names are encrypted, in capitals or not."""
    wanted = tuple(pattern.upper() for pattern in patterns)
    for variable in outgoing.variables:
        if not variable.secret and matches(variable.key.upper(), wanted):
            yield Breach(f"variables-{variable.number}")


def check_user(_: tuple[str, ...], outgoing: Outgoing) -> Iterator[Breach]:
    """The user is set, and not root, by name or by number; a group may follow."""
    if not outgoing.asks_for("run_as_user"):
        return
    user = outgoing.run_as_user.partition(":")[0].strip()
    if used_names(user):
        yield Breach("run_as_user", not_known(user))
    elif not user or ROOT.fullmatch(user):
        yield Breach("run_as_user")


def check_timeout(_: tuple[str, ...], outgoing: Outgoing) -> Iterator[Breach]:
    """The time limit is set."""
    if outgoing.asks_for("timeout") and not outgoing.timeout:
        yield Breach("timeout")


def check_templates(places: tuple[str, ...], outgoing: Outgoing) -> Iterator[Breach]:
    """New actions of such a pipeline come from a template."""
    where = (outgoing.workspace, outgoing.project, outgoing.pipeline)
    whole_form = outgoing.changed is None and not outgoing.by_template
    if whole_form and any(covers(place, *where) for place in places):
        yield Breach()


CHECKS: Mapping[Subject, Callable[[tuple[str, ...], Outgoing], Iterable[Breach]]] = {
    Subject.TEMPLATES: check_templates,
    Subject.REGISTRY: check_registry,
    Subject.TAG: check_tag,
    Subject.USER: check_user,
    Subject.ENCRYPTED: check_encrypted,
    Subject.TIMEOUT: check_timeout,
}


def host_of(registry: str) -> str:
    """The host of a registry's address, with a port that is not the usual one: Docker Hub goes by one name."""
    host = registry.strip().partition("/")[0]
    # The name of a variable is not changed by small letters.
    host = host if used_names(host) else host.lower().removesuffix(":443")
    return DOCKER_HUB if host in HUB_NAMES else host


def matches(text: str, patterns: Iterable[str]) -> bool:
    """Whether a text is one of these; `*` stands for any characters and `?` for one."""
    return any(fnmatchcase(text, pattern.replace("[", "[[]")) for pattern in patterns)


def covers(place: str, workspace: str, project: str, pipeline: int) -> bool:
    """Whether a workspace, a project of it or a pipeline has, or is, a pipeline, in capitals or not."""
    if place == EVERYWHERE:
        return True
    mine = place.casefold().split("/")
    theirs = [workspace.casefold(), project.casefold(), str(pipeline)]
    return mine == theirs[: len(mine)]


def not_known(text: str) -> str:
    """Say that nobody here knows what stands in the place of variables."""
    names = [f"${name}" for name in dict.fromkeys(used_names(text))]
    return f"What {named(tuple(names))} {'stands' if len(names) == 1 else 'stand'} for is not known here"


FORMS: Mapping[Subject, tuple[re.Pattern[str], str]] = {
    Subject.REGISTRY: (HOST, "A registry must be a host alone, such as ghcr.io, docker.io or *.example.com"),
    Subject.TAG: (TAG, "A tag must be letters, digits and . _ - only, such as latest or *-dev"),
    Subject.ENCRYPTED: (NAME, "A name must be letters, digits and _ only, such as *_TOKEN"),
    Subject.TEMPLATES: (
        PLACE,
        "A place must be a workspace, a project or a pipeline by its address, such as buddy/website/2, or * for all",
    ),
}


def check_value(subject: Subject, value: str) -> None:
    """Raise `ValueError` unless a rule can have this value; the message says what it must be."""
    pattern, message = FORMS[subject]
    if value == EVERYWHERE and subject is Subject.TEMPLATES:
        return
    if len(value) > LONGEST_VALUE or not pattern.fullmatch(value):
        raise ValueError(f"{message}: this is {value[:LONGEST_VALUE]}")
