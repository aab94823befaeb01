"""Rules for everything that is sent: what they say to each request, the same by each way in, and who sets them."""

import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from support.buddy import AS_DOCUMENTED, StubBuddy
from support.pages import Browser, Page, text_of
from support.rigs import LEAST, NEW, Rig

from webapp.prepared.boxes import BOXES, SEALED, Asked, Fixed, Use
from webapp.prepared.questions import Question
from webapp.prepared.sending_rules import SendingRule, SendingRules, Subject, Verdict
from webapp.prepared.templates import PreparedVariable, Template
from webapp.store.events import SLIPWAY

ACTIONS = NEW.removesuffix("/new")
MINE = f"{ACTIONS}/7"
WARN, REFUSE = Verdict.WARN, Verdict.REFUSE
Typed = dict[str, str]
HOSTS = ("docker.io", "ghcr.io", "*.example.com", "localhost:5000")
NAMES = ("*_TOKEN", "PASSWORD", "KEY?")


def image(**typed: str) -> Typed:
    return {f"docker_image_{name}" if name in ("name", "tag") else name: value for name, value in typed.items()}


def private(registry: str) -> Typed:
    return {"image_source": "credentials", "registry": registry, "login": "me", "password": "canary"}


def variable(key: str, **more: str) -> Typed:
    return {"variables-0-key": key, "variables-0-value": "x"} | {f"variables-0-{name}": it for name, it in more.items()}


# What the rule is about and its values, what is typed, and what comes of it where the rule refuses: None, nothing.
CASES: dict[str, tuple[Subject, tuple[str, ...], Typed, Verdict | None]] = {
    # Registries.
    "Docker Hub by itself": (Subject.REGISTRY, HOSTS, {}, None),
    "Docker Hub by its name": (Subject.REGISTRY, HOSTS, image(registry="docker.io"), None),
    "Docker Hub by an older name": (Subject.REGISTRY, HOSTS, image(registry="index.docker.io"), None),
    "Docker Hub, not allowed": (Subject.REGISTRY, ("ghcr.io",), {}, REFUSE),
    "Docker Hub by its name, not allowed": (Subject.REGISTRY, ("ghcr.io",), image(registry="docker.io"), REFUSE),
    "an allowed registry": (Subject.REGISTRY, HOSTS, image(registry="ghcr.io"), None),
    "in capitals": (Subject.REGISTRY, HOSTS, image(registry="GHCR.io"), None),
    "with a path": (Subject.REGISTRY, HOSTS, image(registry="ghcr.io/team"), None),
    "with the usual port": (Subject.REGISTRY, HOSTS, image(registry="ghcr.io:443"), None),
    "with another port": (Subject.REGISTRY, HOSTS, image(registry="ghcr.io:444"), REFUSE),
    "with its own port": (Subject.REGISTRY, HOSTS, image(registry="localhost:5000"), None),
    "without its own port": (Subject.REGISTRY, HOSTS, image(registry="localhost"), REFUSE),
    "another registry": (Subject.REGISTRY, HOSTS, image(registry="quay.io"), REFUSE),
    "one that ends like an allowed one": (Subject.REGISTRY, HOSTS, image(registry="evil-ghcr.io"), REFUSE),
    "one that begins like an allowed one": (Subject.REGISTRY, HOSTS, image(registry="ghcr.io.evil.net"), REFUSE),
    "one that has an allowed one in its path": (Subject.REGISTRY, HOSTS, image(registry="evil.net/ghcr.io"), REFUSE),
    "any of a domain": (Subject.REGISTRY, HOSTS, image(registry="eu.images.example.com"), None),
    "the domain itself": (Subject.REGISTRY, HOSTS, image(registry="example.com"), REFUSE),
    "a private one that is allowed": (Subject.REGISTRY, HOSTS, private("ghcr.io"), None),
    "a private one that is not": (Subject.REGISTRY, HOSTS, private("quay.io"), REFUSE),
    "a variable for a registry": (Subject.REGISTRY, HOSTS, image(registry="$REGISTRY"), WARN),
    "a variable in a host": (Subject.REGISTRY, HOSTS, image(registry="${STAGE}.example.com"), WARN),
    "a variable in a path": (Subject.REGISTRY, HOSTS, image(registry="ghcr.io/$TEAM"), None),
    "a variable that begins the name": (Subject.REGISTRY, HOSTS, image(name="$IMAGE"), WARN),
    "a variable later in the name": (Subject.REGISTRY, HOSTS, image(name="library/$IMAGE"), None),
    "a variable for the name in a registry": (Subject.REGISTRY, HOSTS, image(registry="ghcr.io", name="$IMAGE"), None),
    "an image built in the pipeline": (
        Subject.REGISTRY,
        ("ghcr.io",),
        {"image_source": "action", "docker_build_action_name": "Build"},
        None,
    ),
    # Tags.
    "a tag": (Subject.TAG, ("latest",), image(tag="22.04"), None),
    "the tag latest": (Subject.TAG, ("latest",), image(tag="latest"), REFUSE),
    "a tag with latest in it": (Subject.TAG, ("latest",), image(tag="latest-slim"), None),
    "a tag in other letters": (Subject.TAG, ("latest",), image(tag="Latest"), None),
    "one of several tags": (Subject.TAG, ("latest", "nightly"), image(tag="nightly"), REFUSE),
    "a tag that ends like that": (Subject.TAG, ("*-dev",), image(tag="1.2-dev"), REFUSE),
    "a tag that does not end like that": (Subject.TAG, ("*-dev",), image(tag="dev-1.2"), None),
    "a tag of one character more": (Subject.TAG, ("v?",), image(tag="v12"), None),
    "a tag with so many characters": (Subject.TAG, ("v?",), image(tag="v1"), REFUSE),
    "a variable for a tag": (Subject.TAG, ("latest",), image(tag="$TAG"), WARN),
    "a variable in a tag": (Subject.TAG, ("latest",), image(tag="1.${PATCH}"), WARN),
    "the tag of an image built in the pipeline": (
        Subject.TAG,
        ("latest",),
        {"image_source": "action", "docker_build_action_name": "Build"},
        None,
    ),
    # Variables.
    "no variable": (Subject.ENCRYPTED, NAMES, {}, None),
    "another variable": (Subject.ENCRYPTED, NAMES, variable("COUNTRY"), None),
    "a secret in clear": (Subject.ENCRYPTED, NAMES, variable("PASSWORD"), REFUSE),
    "a secret that is encrypted": (Subject.ENCRYPTED, NAMES, variable("PASSWORD", encrypted="true"), None),
    "a secret by its ending": (Subject.ENCRYPTED, NAMES, variable("NPM_TOKEN"), REFUSE),
    "a secret in small letters": (Subject.ENCRYPTED, NAMES, variable("npm_token"), REFUSE),
    "one that only has the ending in it": (Subject.ENCRYPTED, NAMES, variable("NPM_TOKENS"), None),
    "one with one character more": (Subject.ENCRYPTED, NAMES, variable("KEY2"), REFUSE),
    "a file in clear": (Subject.ENCRYPTED, NAMES, variable("A_TOKEN", type="FILE", value="eA=="), REFUSE),
    "a private key": (Subject.ENCRYPTED, NAMES, variable("SSH_TOKEN", type="SSH_KEY"), None),
    # The user.
    "no user": (Subject.USER, (), {}, REFUSE),
    "a user": (Subject.USER, (), {"run_as_user": "node"}, None),
    "root": (Subject.USER, (), {"run_as_user": "root"}, REFUSE),
    "root by number": (Subject.USER, (), {"run_as_user": "0"}, REFUSE),
    "root by a longer number": (Subject.USER, (), {"run_as_user": "000"}, REFUSE),
    "root with a group": (Subject.USER, (), {"run_as_user": "root:staff"}, REFUSE),
    "a number with a group": (Subject.USER, (), {"run_as_user": "1000:0"}, None),
    "a group alone": (Subject.USER, (), {"run_as_user": ":1000"}, REFUSE),
    "a variable for the user": (Subject.USER, (), {"run_as_user": "$RUNNER"}, WARN),
    "root with a variable for the group": (Subject.USER, (), {"run_as_user": "root:$GROUP"}, REFUSE),
    # The time limit.
    "no time limit": (Subject.TIMEOUT, (), {}, REFUSE),
    "a time limit": (Subject.TIMEOUT, (), {"timeout": "600"}, None),
    # Where templates only may be used.
    "everywhere": (Subject.TEMPLATES, ("*",), {}, REFUSE),
    "in this workspace": (Subject.TEMPLATES, ("buddy",), {}, REFUSE),
    "in this workspace in capitals": (Subject.TEMPLATES, ("Buddy",), {}, REFUSE),
    "in this project": (Subject.TEMPLATES, ("other", "buddy/company-website"), {}, REFUSE),
    "in this pipeline": (Subject.TEMPLATES, ("buddy/company-website/2",), {}, REFUSE),
    "in another pipeline": (Subject.TEMPLATES, ("buddy/company-website/22",), {}, None),
    "in another project": (Subject.TEMPLATES, ("buddy/company",), {}, None),
}


@pytest.fixture
def book(personal: Flask) -> Callable[..., None]:
    """Sets the rules: each by what it is about."""

    def put(**rules: SendingRule) -> None:
        rulebook = personal.extensions["slipway"].rulebook
        new = SendingRules({Subject(name): rule for name, rule in rules.items()})
        assert rulebook.change(new, rulebook.opened()[1], SLIPWAY)

    return put


def said(page: Page, subject: Subject) -> Verdict | None:
    """What the page says of the rule about something: that it refuses, or warns, or nothing."""
    words = words_of(subject)
    if any(words in line for line in page.errors):
        return REFUSE
    return WARN if any(words in text_of(item) for item in page.all("li")) else None


def words_of(subject: Subject) -> str:
    return f"A rule about {subject}"


def typed_whole(typed: Typed) -> dict[str, str | None]:
    fields: dict[str, str | None] = dict(LEAST | {"docker_image_tag": "1.0"} | typed)
    if "action" in typed.values():
        fields |= {"docker_image_name": "", "docker_image_tag": ""}
    return {name.replace("-", "__"): value for name, value in fields.items()}


def by_form(desk: Browser, typed: Typed) -> Page:
    return desk.get(NEW).press("check", **typed_whole(typed))


def by_preview(desk: Browser, typed: Typed) -> Page:
    return desk.get(NEW).press("preview", **typed_whole(typed))


def by_link(desk: Browser, typed: Typed) -> Page:
    query = {name.replace("__", "-"): value for name, value in typed_whole(typed).items() if name != "password"}
    secret = {"password": typed["password"]} if "password" in typed else {}
    encrypted = "true" if typed.get("variables-0-encrypted") or typed.get("variables-0-type") == "SSH_KEY" else ""
    page = desk.get(f"{NEW}?{urlencode(query)}")
    return page.press("check", **secret, **({"variables__0__value": "typed again"} if encrypted else {}))


def by_paste(desk: Browser, typed: Typed) -> Page:
    fields = {name: value or "" for name, value in typed_whole(typed).items()}
    name = "/".join(filter(None, [fields.get("registry"), fields["docker_image_name"]]))
    user = ["-u", fields["run_as_user"]] if fields.get("run_as_user") else []
    run = ["docker", "run", *user, f"{name}:{fields['docker_image_tag']}", "make", "test"]
    page = desk.get(NEW).press("fill-run", run_command=shlex.join(run), docker_image_tag="")
    rest = {name: value for name, value in typed.items() if name in ("timeout", "image_source", "login", "password")}
    return page.press("check", name="Pasted", **rest)


def by_copy(desk: Browser, typed: Typed) -> Page:
    page = desk.get(f"{NEW}?like={MINE}")
    return page.press("check", **({"password": "again"} if "password" in typed else {}))


def wire(desk: Browser, upstream: StubBuddy, typed: Typed) -> dict[str, Any]:
    """The action as Buddy would have it."""
    before = len(upstream.bodies)
    assert desk.get(NEW).send(**typed_whole(typed) | {"name": f"Made {before}"}).status == 200
    (body,) = upstream.bodies[before:]
    return dict(body)


def by_template(desk: Browser, typed: Typed) -> Page:
    library = desk.client.application.extensions["slipway"].library
    template, secrets = template_of(typed)
    return desk.get(f"{NEW}?template={library.make(template, secrets, SLIPWAY)}").press("check")


def template_of(typed: Typed) -> tuple[Template, dict[str, str]]:
    """A template that fixes all of this, and its secrets."""
    fields = {name.replace("__", "-"): text or "" for name, text in typed_whole(typed).items()}
    boxes: dict[str, Use] = {box: Fixed(fields[box]) for box in BOXES if fields.get(box)}
    secrets = {"template:password": fields["password"]} if "password" in fields else {}
    variables = []
    if key := fields.get("variables-0-key"):
        kind, encrypted = fields.get("variables-0-type", "VAR"), fields.get("variables-0-encrypted") == "true"
        secret = encrypted or kind == "SSH_KEY"
        secrets |= {f"template:variable:{key}": "x"} if secret else {}
        value = SEALED if secret else Fixed(fields["variables-0-value"])
        variables.append(PreparedVariable(key, value, kind, encrypted))
    boxes |= {"password": SEALED} if "password" in fields else {}
    return Template("Prepared", boxes=boxes, variables=tuple(variables)), secrets


WAYS: dict[str, Callable[[Browser, Typed], Page]] = {
    "template": by_template,
    "form": by_form,
    "preview": by_preview,
    "link": by_link,
    "copy": by_copy,
    "paste": by_paste,
}
BUILT = "action"


def can_be_pasted(name: str) -> bool:
    """Whether a line of `docker run` says what a case is about: it encrypts by itself what looks like a secret."""
    subject, _, typed, _ = CASES[name]
    return subject is not Subject.ENCRYPTED and BUILT not in typed.values() and "$TEAM" not in typed.get("registry", "")


def rounds() -> Iterator[list[str]]:
    """The cases that can be asked about at once: of each rule one, unless their boxes are the same."""
    alone = [name for name, case in CASES.items() if BUILT in case[2].values()]
    yield from ([name] for name in alone)
    by_subject = [[name for name, case in CASES.items() if case[0] is each and name not in alone] for each in Subject]
    yield from ([name for name in names if name] for names in zip_longest(*by_subject))


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 60


def test_a_rule_says_the_same_by_each_way_in(desk: Browser, upstream: StubBuddy, book: Callable[..., None]) -> None:
    upstream.answer, upstream.numbered = AS_DOCUMENTED, 1
    found: dict[str, dict[str, Verdict | None]] = {}
    for names in rounds():
        typed = {box: text for name in names for box, text in CASES[name][2].items()}
        book()
        upstream.by_hand = [wire(desk, upstream, typed) | {"id": 7}]
        rules = {CASES[name][0]: CASES[name][1] for name in names}
        book(**{subject: SendingRule(REFUSE, words_of(subject), values) for subject, values in rules.items()})
        pages = {way: ask(desk, typed) for way, ask in WAYS.items()}
        for name in names:
            told = {way: said(page, CASES[name][0]) for way, page in pages.items()}
            found[name] = told if can_be_pasted(name) else {way: it for way, it in told.items() if way != "paste"}
        before, refused = len(upstream.bodies), any(CASES[name][3] is REFUSE for name in names)
        page = desk.get(NEW).send(**typed_whole(typed) | {"name": names[0]})
        assert (page.status, len(upstream.bodies) - before) == ((422, 0) if refused else (200, 1)), names
    expected = {name: dict.fromkeys(found[name], case[3]) for name, case in CASES.items()}
    for name, (subject, *_) in CASES.items():
        # That is what it asks for.
        expected[name] |= {"template": None} if subject is Subject.TEMPLATES else {}
    assert found == expected


def test_a_rule_that_warns_keeps_nothing_from_being_sent(
    desk: Browser, upstream: StubBuddy, book: Callable[..., None]
) -> None:
    upstream.numbered = 1
    refused = {case[0]: (values, typed) for case in CASES.values() for _, values, typed, it in [case] if it is REFUSE}
    assert set(refused) == set(Subject)
    for subject, (values, typed) in refused.items():
        book(**{subject: SendingRule(WARN, words_of(subject), values)})
        assert said(by_form(desk, typed), subject) is WARN
        assert "was added" in desk.get(NEW).send(**typed_whole(typed) | {"name": f"By {subject}"}).heading
    assert len(upstream.bodies) == len(Subject)


# What the action has, what is typed over it, and what comes of it where the rule refuses.
OLD: dict[str, Any] = {
    "id": 7,
    "name": "Old",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "team/app",
    "docker_image_tag": "latest",
    "registry": "quay.io",
    "inline_commands": "make",
    "variables": [{"key": "NPM_TOKEN", "value": "x"}],
}
CHANGES: dict[str, tuple[Typed, dict[Subject, Verdict]]] = {
    "nothing that a rule is about": ({"inline_commands": "make test"}, {}),
    "the tag to another one that is not allowed": ({"docker_image_tag": "nightly"}, {Subject.TAG: REFUSE}),
    "the tag to one that is": ({"docker_image_tag": "1.2"}, {}),
    "the tag to a variable": ({"docker_image_tag": "$TAG"}, {Subject.TAG: WARN}),
    "the name": ({"docker_image_name": "team/web"}, {}),
    "the registry to another one that is not allowed": ({"registry": "evil.net"}, {Subject.REGISTRY: REFUSE}),
    "the registry to one that is": ({"registry": "ghcr.io"}, {}),
    "the user to root": ({"run_as_user": "root"}, {Subject.USER: REFUSE}),
    "the user to another one": ({"run_as_user": "node"}, {}),
    "the time limit": ({"timeout": "60"}, {}),
    "another variable in clear": (
        {"variables-1-key": "A_TOKEN", "variables-1-value": "y"},
        {Subject.ENCRYPTED: REFUSE},
    ),
    "another variable": ({"variables-1-key": "A", "variables-1-value": "y"}, {}),
    "the value of the one in clear": ({"variables-0-value": "y"}, {Subject.ENCRYPTED: REFUSE}),
    "the one in clear to an encrypted one": ({"variables-0-value": "y", "variables-0-encrypted": "true"}, {}),
}
ALL = {
    Subject.REGISTRY: ("ghcr.io",),
    Subject.TAG: ("latest", "nightly"),
    Subject.ENCRYPTED: NAMES,
    Subject.USER: (),
    Subject.TIMEOUT: (),
    Subject.TEMPLATES: ("*",),
}


@pytest.mark.parametrize(("typed", "expected"), CHANGES.values(), ids=CHANGES)
def test_of_a_change_what_it_changes_is_judged_alone(
    desk: Browser, upstream: StubBuddy, book: Callable[..., None], typed: Typed, expected: dict[Subject, Verdict]
) -> None:
    upstream.by_hand = [OLD]
    upstream.answer, upstream.numbered = (200, OLD), 0
    book(**{subject: SendingRule(REFUSE, words_of(subject), values) for subject, values in ALL.items()})
    fields: dict[str, str | None] = {name.replace("-", "__"): value for name, value in typed.items()}
    form = desk.get(f"{MINE}/edit")
    for button in ("check", "preview"):
        page = form.press(button, **fields)
        found = {subject: said(page, subject) for subject in Subject}
        assert {subject: verdict for subject, verdict in found.items() if verdict} == expected, button
    form.send(**fields)
    assert len(upstream.bodies) == (0 if REFUSE in expected.values() else 1)


def test_clearing_what_must_be_set_is_a_change_of_it(
    desk: Browser, upstream: StubBuddy, book: Callable[..., None]
) -> None:
    upstream.by_hand = [OLD | {"run_as_user": "node", "timeout": 60}]
    book(user=SendingRule(REFUSE), timeout=SendingRule(REFUSE, "Ask for a time limit."))
    page = desk.get(f"{MINE}/edit").send(run_as_user="", timeout="")
    assert page.error_at("run_as_user") == "The user must be set, and must not be root"
    assert page.error_at("timeout") == "Ask for a time limit"
    assert (page.status, upstream.bodies) == (422, [])


def test_what_a_rule_says_stands_beside_its_box_and_in_the_summary(desk: Browser, book: Callable[..., None]) -> None:
    book(
        registry=SendingRule(REFUSE, "Our images are in ghcr.io.", ("ghcr.io",)),
        tag=SendingRule(WARN, "", ("latest",)),
        encrypted=SendingRule(REFUSE, "", ("*_TOKEN", "*_KEY")),
        user=SendingRule(WARN, "Nobody runs as root here"),
        timeout=SendingRule(REFUSE, ""),
    )
    typed = LEAST | {"variables__0__key": "A_TOKEN", "variables__0__value": "x"}
    page = desk.get(NEW).press("check", **typed)
    assert page.error_at("registry") == "Our images are in ghcr.io"
    assert page.error_at("timeout") == "The time limit must be set"
    secret = "This variable must be encrypted, as all are that are called *_TOKEN, *_KEY"
    assert page.error_at("variables-0-key") == secret
    assert f"A_TOKEN: {secret.replace('This', 'this')}" in page.errors
    for box, words in {
        "docker_image_tag": "The tag must not be latest",
        "run_as_user": "Nobody runs as root here",
    }.items():
        warning = page.by_id(f"{box}-warning")
        assert warning is not None and text_of(warning) == words
        field = page.by_id(box)
        assert field is not None and f"{box}-warning" in (field.get("aria-describedby") or "").split()
        assert page.links[words] == f"#{box}"


def test_a_warning_is_in_the_preview_and_can_be_sent_all_the_same(
    desk: Browser, upstream: StubBuddy, book: Callable[..., None]
) -> None:
    book(tag=SendingRule(WARN, "Take a tag with a version", ("latest",)))
    preview = desk.get(NEW).press("preview", **LEAST)
    assert "Take a tag with a version" in preview.text
    assert "Your team's rules warn about this. It can still be sent." in preview.text
    assert "was added" in preview.send().heading
    assert len(upstream.bodies) == 1


def test_what_a_variable_stands_for_is_not_guessed(desk: Browser, book: Callable[..., None]) -> None:
    book(tag=SendingRule(REFUSE, "No moving tags.", ("latest",)))
    page = desk.get(NEW).press("preview", **LEAST | {"docker_image_tag": "${MAJOR}-$MINOR"})
    words = "No moving tags. What $MAJOR, $MINOR stand for is not known here, so look at it yourself"
    assert words in page.text


# What is typed, the box that the rule is about, and what comes of it where ghcr.io alone is allowed.
INTEGRATIONS: dict[str, tuple[Typed, str, Verdict | None]] = {
    "Docker Hub": ({"integration": "hub"}, "integration", REFUSE),
    "GitHub": ({"integration": "dd44"}, "integration", None),
    "Google": ({"integration": "gcr", "registry": "eu.gcr.io"}, "registry", REFUSE),
    "Amazon, which alone knows its address": ({"integration": "ecr_prod", "region": "eu-west-1"}, "integration", WARN),
    "one that nobody knows here": ({"integration": "somewhere"}, "integration", WARN),
}


@pytest.mark.parametrize(("typed", "box", "expected"), INTEGRATIONS.values(), ids=INTEGRATIONS)
def test_the_registry_of_an_integration_is_judged_where_it_is_known(
    desk: Browser, book: Callable[..., None], typed: Typed, box: str, expected: Verdict | None
) -> None:
    book(registry=SendingRule(REFUSE, words_of(Subject.REGISTRY), ("ghcr.io",)))
    page = desk.get(NEW).press("check", **typed_whole({"image_source": "integration"} | typed))
    assert said(page, Subject.REGISTRY) == expected
    beside = page.by_id(f"{box}-error" if expected is REFUSE else f"{box}-warning")
    assert (beside is None) == (expected is None)


def test_a_rule_that_is_new_is_kept_to_at_the_send_and_nothing_typed_is_lost(
    desk: Browser, upstream: StubBuddy, book: Callable[..., None]
) -> None:
    preview = desk.get(NEW).press("preview", **LEAST)
    book(tag=SendingRule(REFUSE, "Take a tag with a version", ("latest",)))
    page = preview.send()
    assert (page.status, page.error_at("docker_image_tag")) == (422, "Take a tag with a version")
    assert page.fields["inline_commands"].strip() == "make test"
    assert upstream.bodies == []
    assert "was added" in page.send(docker_image_tag="1.0").heading


FORM = {
    "tag_verdict": "refuse",
    "tag_values": "latest\r\n*-dev\r\nlatest\r\n",
    "tag_sentence": "Take a tag with a version.",
    "registry_verdict": "warn",
    "registry_values": "GHCR.io\n",
    "editors_make_templates": "true",
    "editors_run_pipelines": "true",
}


def save(browser: Browser, **typed: str) -> Page:
    return browser.get("/rules").send_to("/rules", **typed)


def test_an_administrator_sets_rules_and_the_record_says_what_they_were_and_are(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    page = save(boss, **FORM)
    assert (page.status, page.heading) == (200, "Rules")
    assert "The rules are saved" in page.text
    rules = team.parts.rulebook.now()
    assert rules.rule(Subject.TAG) == SendingRule(REFUSE, "Take a tag with a version.", ("latest", "*-dev"))
    assert rules.rule(Subject.REGISTRY) == SendingRule(WARN, "", ("ghcr.io",))
    assert rules.rule(Subject.USER) == SendingRule()
    assert (rules.editors_make_templates, rules.editors_run_pipelines) == (True, True)
    save(boss, tag_verdict="off", user_verdict="refuse")
    record = boss.get("/record").text
    for line in (
        "Rule changed: Tags that are not allowed, from off to refuse: latest, *-dev (“Take a tag with a version.”)",
        "Rule changed: Tags that are not allowed, from refuse: latest, *-dev (“Take a tag with a version.”) to off",
        "Rule changed: Registries that are allowed, from off to warn: ghcr.io",
        "Rule changed: A user that is not root, from off to refuse",
        "Rule changed: Who makes templates, from administrators alone to editors too",
        "Rule changed: Who runs whole pipelines, from administrators alone to editors too",
    ):
        assert line in record
    assert len([deed for deed in team.deeds if deed[1] == "rule changed"]) == 6


def test_a_rule_that_is_switched_off_keeps_what_was_typed(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    save(boss, **FORM)
    page = save(boss, tag_verdict="off")
    boxes = {box.get("name"): "".join(box.itertext()) for box in page.all("textarea")}
    assert (boxes["tag_values"] or "").split() == ["latest", "*-dev"]


def test_saving_the_same_once_more_says_nothing_on_record(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    save(boss, **FORM)
    before = team.record
    assert save(boss).status == 200
    assert [each for each in team.record[len(before) :] if each[0] == "rule changed"] == []


def test_of_two_administrators_the_second_one_is_told_and_nothing_is_lost(team: Rig) -> None:
    boss, other = team.hired("boss", "administrator"), team.hired("other", "administrator")
    stale = other.get("/rules")
    save(boss, user_verdict="refuse")
    told = stale.send_to("/rules", timeout_verdict="warn")
    assert told.status == 409
    assert "Somebody else has changed the rules since you opened this page" in told.text
    rules = team.parts.rulebook.now()
    assert (rules.rule(Subject.USER).verdict, rules.rule(Subject.TIMEOUT).verdict) == (REFUSE, None)
    saved = told.send_to("/rules")
    rules = team.parts.rulebook.now()
    assert (saved.status, rules.rule(Subject.TIMEOUT).verdict) == (200, WARN)


WRONG: dict[str, tuple[dict[str, str], str, str]] = {
    "a verdict that is none": ({"tag_verdict": "maybe"}, "tag_verdict", "Choose what comes of it"),
    "nothing to be allowed": (
        {"registry_verdict": "refuse"},
        "registry_values",
        "Enter at least one line, or switch the rule off",
    ),
    "an address": (
        {"registry_values": "https://ghcr.io"},
        "registry_values",
        "A registry must be a host alone, such as ghcr.io, docker.io or *.example.com: this is https://ghcr.io",
    ),
    "two names in a line": (
        {"encrypted_values": "A B"},
        "encrypted_values",
        "A name must be letters, digits and _ only, such as *_TOKEN: this is A B",
    ),
    "too many lines": (
        {"tag_values": "\n".join(f"v{number}" for number in range(51))},
        "tag_values",
        "The lines must be at most 50: these are 51",
    ),
    "a sentence that is too long": (
        {"user_sentence": "x" * 301},
        "user_sentence",
        "“Sentence” must be at most 300 characters long: this is 301",
    ),
    "a place that is none": (
        {"templates_values": "buddy/website/two"},
        "templates_values",
        "A place must be a workspace, a project or a pipeline by its address, such as buddy/website/2, or * for all: "
        "this is buddy/website/two",
    ),
}


@pytest.mark.parametrize(("typed", "box", "words"), WRONG.values(), ids=WRONG)
def test_what_can_be_no_rule_is_said_beside_its_box(team: Rig, typed: dict[str, str], box: str, words: str) -> None:
    page = save(team.hired("boss", "administrator"), **typed)
    assert (page.status, page.error_at(box)) == (422, words)
    assert team.parts.rulebook.now() == SendingRules()


def test_what_a_newer_slipway_has_written_besides_stays(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    save(boss, **FORM)
    table = team.parts.rulebook.table
    kept = table.find()
    assert kept is not None
    table.put({**kept.content, "disk": {"verdict": "warn"}}, kept.version, SLIPWAY, [])
    save(boss, user_verdict="warn")
    after = table.find()
    assert after is not None
    assert after.content["disk"] == {"verdict": "warn"}


TAG = Question("tag", "Version")
ASKS = Template(
    "Asks for a tag",
    boxes={
        "name": Fixed("Asks"),
        "docker_image_name": Fixed("team/app"),
        "docker_image_tag": Asked(TAG),
        "inline_commands": Fixed("make"),
    },
    variables=(PreparedVariable("NPM_TOKEN", Fixed("x")),),
)


def test_an_answer_is_judged_and_what_the_template_fixes_is_its_makers_business(
    desk: Browser, upstream: StubBuddy, book: Callable[..., None]
) -> None:
    book(tag=SendingRule(REFUSE, "Take a tag with a version", ("latest",)), user=SendingRule(WARN, "Name a user"))
    library = desk.client.application.extensions["slipway"].library
    form = desk.get(f"{NEW}?template={library.make(ASKS, {}, SLIPWAY)}")
    page = form.send(answers__tag="latest")
    assert (page.status, page.error_at("answers-tag")) == (422, "Take a tag with a version")
    assert "Name a user" in page.text
    warned = form.press("preview", answers__tag="$TAG")
    assert "Take a tag with a version. What $TAG stands for is not known here, so look at it yourself" in warned.text
    book(encrypted=SendingRule(REFUSE, "Secrets are encrypted", ("*_TOKEN",)))
    page = form.send(answers__tag="1.0")
    assert page.status == 422
    told = "The template can't be sent like this. Tell whoever makes your templates: “Secrets are encrypted”"
    assert page.errors == [told]
    assert upstream.bodies == []


def test_rules_name_the_templates_that_they_refuse_whatever_is_answered(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    library = team.parts.library
    library.make(ASKS, {}, SLIPWAY)
    library.make(replace(ASKS, name="Named user", boxes={**ASKS.boxes, "run_as_user": Fixed("node")}), {}, SLIPWAY)
    retired = library.make(replace(ASKS, name="Retired"), {}, SLIPWAY)
    found = library.find(retired)
    assert found is not None
    library.retire(found, SLIPWAY)
    page = save(boss, user_verdict="refuse", tag_verdict="refuse", tag_values="latest", timeout_verdict="warn")
    told = [text_of(item) for item in page.all("li")]
    assert "“Asks for a tag”: The user must be set, and must not be root" in told
    assert [line for line in told if "Named user" in line or "Retired" in line] == []
    both = save(boss, encrypted_verdict="refuse", encrypted_values="*_TOKEN").text
    assert "These rules refuse 2 templates" in both


def test_where_templates_only_are_taken_the_whole_form_says_so_before_it_is_filled_in(
    desk: Browser, book: Callable[..., None]
) -> None:
    book(templates=SendingRule(REFUSE, "Ask ops for a template.", ("buddy/company-website/2",)))
    page = desk.get(NEW)
    assert "Ask ops for a template. Look for a template on the home page." in page.text
    assert page.links["Look for a template on the home page"] == "/"
    assert "Ask ops" not in desk.get(NEW.replace("/2/", "/3/")).text
    library = desk.client.application.extensions["slipway"].library
    assert "Ask ops" not in desk.get(f"{NEW}?template={library.make(ASKS, {}, SLIPWAY)}").text


def test_an_older_name_of_docker_hub_is_docker_hub_in_a_rule_too(desk: Browser, book: Callable[..., None]) -> None:
    book(registry=SendingRule(REFUSE, words_of(Subject.REGISTRY), ("index.docker.io",)))
    assert said(by_form(desk, {}), Subject.REGISTRY) is None
    assert said(by_form(desk, image(registry="ghcr.io")), Subject.REGISTRY) is REFUSE


def test_a_verdict_of_a_newer_slipway_is_no_reason_to_send(desk: Browser, personal: Flask) -> None:
    table = personal.extensions["slipway"].rulebook.table
    newer = {"user": {"verdict": "ask", "sentence": words_of(Subject.USER), "values": []}, "tag": {"verdict": None}}
    assert table.put(newer, 0, SLIPWAY, [])
    assert said(by_form(desk, {}), Subject.USER) is REFUSE
