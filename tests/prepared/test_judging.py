"""What may be asked, and what may not: each problem stands beside the box where its maker mends it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.prepared import COUNTRY, REPORT

from webapp.prepared.areas import Area
from webapp.prepared.boxes import BOXES, LEFT_OUT, SEALED, Asked, Fixed, Made, Use
from webapp.prepared.judging import ONLY_LISTED, problems
from webapp.prepared.programs import changes_programs
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Day, Length, Option, Pattern, Rule, YesNo
from webapp.prepared.templates import PreparedVariable, PreparedVolume, Template

ANY = Question("any", "Any text")
LISTED = Question("listed", "One of two", rule=Choices((Option("a", "A"), Option("b", "B"))))
PUBLIC = replace(
    REPORT,
    boxes={**REPORT.boxes, "image_source": Fixed("public"), "password": LEFT_OUT, "login": LEFT_OUT},
    variables=REPORT.variables[:3],
)


def with_box(template: Template, box: str, use: Use) -> Template:
    return replace(template, boxes={**template.boxes, box: use})


def with_variable(template: Template, variable: PreparedVariable) -> Template:
    return replace(template, variables=(*template.variables, variable))


def told(template: Template) -> list[tuple[str, str]]:
    return [(problem.box, problem.words) for problem in problems(template)]


def test_a_template_that_is_right_has_no_problem() -> None:
    assert told(REPORT) == told(PUBLIC) == []


@pytest.mark.parametrize("box", ["inline_commands", "entrypoint", "password"])
@pytest.mark.parametrize("question", [ANY, LISTED])
def test_what_is_run_is_never_asked(box: str, question: Question) -> None:
    assert box in [problem.box for problem in problems(with_box(PUBLIC, box, Asked(question)))]


LEADING = [box.name for box in BOXES.values() if box.leads]


@pytest.mark.parametrize("box", LEADING)
def test_what_leads_to_a_secret_is_asked_by_a_list_alone(box: str) -> None:
    assert (box, f"This box {ONLY_LISTED}") in told(with_box(REPORT, box, Asked(ANY)))
    assert told(with_box(REPORT, box, Asked(LISTED))) == []
    if box != "image_source":
        assert told(with_box(PUBLIC, box, Asked(ANY))) == []


def test_what_leads_to_a_secret_is_all_that_says_where_the_container_comes_from_and_goes() -> None:
    assert set(LEADING) >= {
        "docker_image_name",
        "docker_image_tag",
        "registry",
        "integration",
        "run_as_user",
        "export_container_path",
    }


@pytest.mark.parametrize("part", ["source", "target"])
def test_folders_are_asked_by_a_list_alone_beside_a_secret(part: str) -> None:
    volume = replace(PreparedVolume(Fixed("/"), Fixed("/app")), **{part: Asked(ANY)})
    expected = (f"volume_mappings-0-{part}", f"This box {ONLY_LISTED}")
    assert expected in told(replace(REPORT, volumes=(volume,)))
    assert told(replace(PUBLIC, volumes=(volume,))) == []
    listed = replace(PreparedVolume(Fixed("/"), Fixed("/app")), **{part: Asked(LISTED)})
    assert told(replace(REPORT, volumes=(listed,))) == []


def test_an_answer_leads_to_no_secret_by_way_of_variables() -> None:
    through = with_variable(REPORT, PreparedVariable("VERSION", Fixed("v$NOTE")))
    assert ("docker_image_tag", f"The variable VERSION in this box {ONLY_LISTED}") in told(
        with_box(through, "docker_image_tag", Fixed("$VERSION"))
    )
    assert told(with_box(REPORT, "docker_image_tag", Fixed("$COUNTRY"))) == []


@pytest.mark.parametrize("secret", [PreparedVariable("TOKEN", SEALED, encrypted=True), None])
def test_any_secret_of_the_template_locks_what_leads_to_it(secret: PreparedVariable | None) -> None:
    template = with_box(PUBLIC, "registry", Asked(ANY))
    locked = [("registry", f"This box {ONLY_LISTED}")]
    assert told(with_variable(template, secret) if secret else template) == (locked if secret else [])


NAMES = [
    "PATH",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "BASH_ENV",
    "ENV",
    "NODE_OPTIONS",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PERL5LIB",
    "PERL5OPT",
    "RUBYOPT",
    "RUBYLIB",
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "GIT_SSH_COMMAND",
    "GIT_CONFIG_COUNT",
    "IFS",
    "PS4",
    "PROMPT_COMMAND",
    "SHELLOPTS",
    "BASHOPTS",
    "CDPATH",
    "DYLD_INSERT_LIBRARIES",
    "GCONV_PATH",
    "EDITOR",
    "PAGER",
    "LESSOPEN",
    "MAKEFLAGS",
    "PIP_INDEX_URL",
    "npm_config_registry",
    "http_proxy",
    "HTTPS_PROXY",
    "CLASSPATH",
    "MAVEN_OPTS",
    "GRADLE_OPTS",
    "DOTNET_STARTUP_HOOKS",
    "PHPRC",
    "PHP_INI_SCAN_DIR",
    "GEM_HOME",
    "BUNDLE_GEMFILE",
    "CARGO_HOME",
    "RUSTFLAGS",
    "GOFLAGS",
    "KUBECONFIG",
    "DOCKER_HOST",
    "HOME",
    "XDG_CONFIG_HOME",
    "SSL_CERT_FILE",
    "OPENSSL_CONF",
    "TAR_OPTIONS",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_variable_that_changes_what_a_program_runs_is_never_asked(name: str) -> None:
    words = "The value must be always the same and not encrypted, since this variable can change what a program runs"
    box = f"variables-{len(PUBLIC.variables)}-value"
    assert (box, words) in told(with_variable(PUBLIC, PreparedVariable(name, Asked(LISTED))))
    assert told(with_variable(PUBLIC, PreparedVariable(name, Fixed("x")))) == []
    assert told(with_variable(PUBLIC, PreparedVariable(name, Fixed("x$NOTE")))) != []


@pytest.mark.parametrize(
    "name", ["COUNTRY", "DAY", "REPORT_PATH", "ENVIRONMENT", "GO", "USER_NAME", "LANGUAGE", "CITY"]
)
def test_other_variables_may_be_asked(name: str) -> None:
    assert not changes_programs(name)


WRONG: list[tuple[Template, str, str]] = [
    (replace(PUBLIC, name=" "), "template_name", "Enter a name for the template, for example Nightly report"),
    (replace(PUBLIC, areas=()), "areas", "Choose where the template may be used"),
    (with_box(PUBLIC, "name", Fixed("Run")), "name", "The name of the action must be asked, or made from answers"),
    (with_box(PUBLIC, "name", LEFT_OUT), "name", "The name of the action must be asked, or made from answers"),
    (
        with_box(PUBLIC, "name", Made("Report {city}")),
        "name",
        "The name of the action must have answers in it: {city} is not asked",
    ),
    (
        with_box(PUBLIC, "name", Made("Report ${any}")),
        "name",
        "The name of the action must have no $ before {any}",
    ),
    (
        with_box(PUBLIC, "name", Made("Report")),
        "name",
        "The name of the action must have an answer in it, for example Report {country}",
    ),
    (
        with_box(
            with_variable(PUBLIC, PreparedVariable("TOKEN", Asked(ANY), encrypted=True)), "name", Made("Run {any}")
        ),
        "name",
        "The name of the action must have no secret in it: {any} is one",
    ),
    (
        with_box(PUBLIC, "password", Fixed("x")),
        "password",
        "The password must be kept as a secret of the template, or left out",
    ),
    (with_box(PUBLIC, "login", SEALED), "login", "This box must be fixed, asked or left out: it is no secret"),
    (
        with_box(PUBLIC, "entrypoint", Fixed("sh -c $COUNTRY")),
        "entrypoint",
        "The entrypoint must not use COUNTRY, which is asked: it says what is run",
    ),
    (
        with_box(PUBLIC, "inline_commands", Fixed("echo begin\nreport $COUNTRY")),
        "inline_commands",
        'Line 2: $COUNTRY must be in double quotes: "$COUNTRY"',
    ),
    (
        with_box(PUBLIC, "inline_commands", LEFT_OUT),
        "inline_commands",
        "Enter the commands to run: they are always the same",
    ),
    (with_box(PUBLIC, "disabled", Fixed("yes")), "disabled", "This box must be ticked or not"),
    (with_box(PUBLIC, "trigger_time", Asked(ANY)), "trigger_time", "This box must be asked as a list of choices"),
    (
        with_variable(PUBLIC, PreparedVariable("TOKEN", Fixed("x"), encrypted=True)),
        "variables-3-value",
        "The value of a secret variable must be kept as a secret of the template, or asked",
    ),
    (
        with_variable(PUBLIC, PreparedVariable("TOKEN", SEALED)),
        "variables-3-value",
        "A secret of the template must be encrypted, or an SSH key",
    ),
    (
        with_variable(PUBLIC, PreparedVariable("COUNTRY", Fixed("x"))),
        "variables-3-key",
        "The name must differ from those of other variables: COUNTRY is there twice",
    ),
    (
        with_variable(PUBLIC, PreparedVariable("CITY", Asked(COUNTRY))),
        "variables-3-value",
        "The key must differ from those of other questions: “country” is not alone",
    ),
]


@pytest.mark.parametrize(("template", "box", "words"), WRONG, ids=[words[:40] for _, _, words in WRONG])
def test_what_is_wrong_is_told_beside_its_box(template: Template, box: str, words: str) -> None:
    assert (box, words) in told(template)


QUESTIONS: list[tuple[dict[str, Any], str, str]] = [
    ({"key": "Country"}, "key", "The key must be small letters"),
    ({"label": ""}, "label", "Enter what is asked"),
    ({"label": "x" * 101}, "label", "The label must be at most 100 characters long: this is 101"),
    ({"rule": Choices(())}, "rule", "Enter the choices"),
    ({"rule": Choices((Option("a", "A"), Option("a", "B")))}, "rule", "Each choice must have a value of its own"),
    ({"rule": Choices((Option("$HOME", "A"),))}, "rule", "“Any text” must have no variables"),
    ({"rule": Pattern("(", "x")}, "rule", "The pattern must be one that can be read here: see at its end"),
    ({"rule": Pattern("a", "")}, "rule", "Enter what the answer must be, in words"),
    ({"rule": Length(5, 4)}, "rule", "The shortest length must be"),
    ({"rule": Day(date(2026, 3, 2), date(2026, 3, 1))}, "rule", "The first day must be no later than the last one"),
    ({"rule": YesNo("x", "x")}, "rule", "What is sent for yes must differ"),
    ({"default": "B", "rule": Pattern("a", "an a")}, "default", "The default must be an answer that is right."),
    ({"variables_allowed": ("$X",)}, "variables_allowed", "The allowed variables must be names such as VERSION"),
]


@pytest.mark.parametrize(("change", "part", "words"), QUESTIONS)
def test_what_is_wrong_with_a_question_is_told_beside_the_part_of_it(
    change: dict[str, Any], part: str, words: str
) -> None:
    template = with_variable(PUBLIC, PreparedVariable("ANY", Asked(replace(ANY, **change))))
    found = [problem for problem in problems(template) if problem.box == "variables-3-value"]
    assert [problem.part for problem in found] == [part]
    assert found[0].words.startswith(words)


@pytest.mark.parametrize("rule", [YesNo("on", "off"), Day(), Length(0, 5), Pattern("[a-z]+", "small letters")])
def test_a_variable_may_be_asked_by_any_rule(rule: Rule) -> None:
    assert told(with_variable(PUBLIC, PreparedVariable("ANY", Asked(replace(ANY, rule=rule))))) == []


def test_no_answer_may_use_a_secret_of_the_template() -> None:
    through = with_variable(REPORT, PreparedVariable("LOGIN", Fixed("me:$DB_PASSWORD")))
    for name in ("DB_PASSWORD", "LOGIN"):
        asked = PreparedVariable("ANY", Asked(replace(ANY, variables_allowed=("VERSION", name))))
        words = f"An answer must not be allowed to use {name}, which holds a secret"
        assert ("variables-5-value", words) in told(with_variable(through, asked))


def test_a_template_has_a_largest_size() -> None:
    large = with_box(PUBLIC, "inline_commands", Fixed("# " + "x" * 100_000))
    assert told(large)[0][1].startswith("The template must be at most 100,000 bytes long")
    assert problems(replace(PUBLIC, areas=(Area("a"),))) == ()
