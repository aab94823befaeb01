"""Filling in a form, so that nothing that was typed is lost; its variables from one text, and as one text."""

from collections.abc import Mapping

from webapp.docker.env_texts import EnvRow, format_env
from webapp.docker.references import ImageReference
from webapp.docker.registries import region_in
from webapp.docker.secrets import looks_secret, secret_name, writes_secret
from webapp.docker.texts import blank, unseen
from webapp.docker.variables import VariableNameError, check_variable_name
from webapp.docker.volumes import VolumeMapping
from webapp.forms.action_form.form import DEFAULTS, LABELS, SEVERAL_LINES
from webapp.forms.action_form.images import ACTION, INTEGRATION, SOURCES, USUAL_TAG
from webapp.forms.action_form.last_paste import FilledIn, numbers_of
from webapp.forms.action_form.options import TRIGGER_TIMES
from webapp.forms.action_form.pastes import read_env
from webapp.forms.action_form.posted import Typed, rows_of, with_rows
from webapp.forms.action_form.refused import PasteError
from webapp.forms.action_form.reports import Note, Report, begun, shortened
from webapp.forms.action_form.secrets import is_secret
from webapp.forms.validators import on_line

# In these boxes anything can stand, so that a report shows nothing of what they did not take.
FREE_TEXTS = frozenset({"inline_commands", "entrypoint"})
FULL = "this box is filled in already: empty it to take another value"
NO_REGISTRY = "the text names no registry, and this box is filled in already: empty it for Docker Hub"
FULL_VARIABLE = "it is there already with another value: empty that to take this one"
FULL_VOLUME = "this folder of the container has a mapping already: take that out to take this one"
TWICE = "it is there already with another value: both are filled in, and one has to go"
SECRET_IN_IT = (
    "a password or a token seems to stand in them: put it into an encrypted variable, and write that in its place, "
    "for example $PASSWORD"
)
UNSEEN = "there is a character in it that nobody can see or read, {}: take it out, unless it is meant"
NO_DIGEST = "Buddy takes a name and a tag, and no digest"
SAME_SOURCE = "it stays “{}”: choose another one, unless the image is there"
STAYS = "it is a secret, or has settings that a text can't hold: it stays a variable below"
# What is chosen or ticked, in the words of the form.
CHOSEN: Mapping[str, Mapping[str, str]] = {"image_source": SOURCES, "trigger_time": TRIGGER_TIMES}
TICKED = {"true": "yes"}
MOST_SHOWN = 200


class Filling:
    """The fields of a form while they are filled in. A box that holds something keeps it.

    Rows are taken out of the fields once and put back at the end, so that the time grows with their number alone.
    """

    def __init__(self, typed: Mapping[str, str]) -> None:
        self._typed = dict(typed)
        self._filled: list[Note] = []
        self.left: list[Note] = []
        self._variables = [row for row in rows_of(typed, "variables") if is_filled(row)]
        self._by_key: dict[str, list[Typed]] = {}
        for row in self._variables:
            if not row.get("kept"):
                self._by_key.setdefault(row.get("key", ""), []).append(row)
        self._full = {row.get("key", "") for row in self._variables if row.get("kept") or row.get("value")}
        self._empty = {key: rows[0] for key, rows in self._by_key.items() if key not in self._full}
        self._volumes = [row for row in rows_of(typed, "volume_mappings") if is_filled(row)]
        self._mapped = {(row.get("source"), row.get("target")) for row in self._volumes}
        self._targets = {row.get("target", "") for row in self._volumes}
        self._boxes: list[str] = []
        self._new: list[Typed] = []

    @property
    def typed(self) -> Typed:
        """The fields as they are filled in so far."""
        return with_rows(with_rows(self._typed, "variables", self._variables), "volume_mappings", self._volumes)

    @property
    def filled_in(self) -> FilledIn:
        """What is filled in so far."""
        rows = {"variables": self._variables, "volume_mappings": self._volumes}
        return FilledIn(tuple(self._boxes), {kind: numbers_of(these, self._new) for kind, these in rows.items()})

    @property
    def report(self) -> Report:
        """What was done so far, each thing once."""
        left = tuple(dict.fromkeys(self.left))
        return Report(tuple(self._filled), left[:MOST_SHOWN], max(len(left) - MOST_SHOWN, 0))

    def has(self, thing: str) -> bool:
        """Whether something of this name is filled in."""
        return any(thing in (note.thing, f"{note.thing} {note.words}") for note in self._filled)

    def put(self, name: str, value: str) -> bool:
        """Fill in one box, unless it holds something else; gives whether it holds the value now."""
        now = self._typed.get(name, "")
        value = value if name in SEVERAL_LINES else on_line(value)
        if now == value:
            return True
        words = CHOSEN.get(name, TICKED).get(value) or begun(value)
        if not blank(now) and now != DEFAULTS.get(name):
            self.left.append(Note(LABELS[name] if name in FREE_TEXTS else f"{LABELS[name]} {words}", FULL))
            return False
        self._typed[name] = value
        self._look_at(LABELS[name], value)
        self._boxes.append(name)
        if name == "inline_commands" and writes_secret(as_run(self._typed.get("docker_image_name", ""), value)):
            self.left.append(Note(LABELS[name], SECRET_IN_IT))
            words = "…"
        self._filled.append(Note(LABELS[name], words))
        return True

    def tell(self, thing: str, words: str) -> None:
        """Say first what is filled in."""
        self._filled.insert(0, Note(thing, words))

    def _look_at(self, thing: str, *texts: str) -> None:
        """Tell of what is filled in where nobody can see all of it."""
        if char := next(filter(None, map(unseen, texts)), ""):
            self.left.append(Note(thing, UNSEEN.format(char)))

    def put_image(self, image: ImageReference) -> None:
        """Fill in the boxes for the image; Docker's own tag where none is given."""
        if self.has_other_image(image):
            return
        self.put("docker_image_name", image.name)
        if image.registry:
            self.put("registry", image.registry)
        else:
            self.tell_registry()
        if (source := self._typed.get("image_source")) in (INTEGRATION, ACTION):
            self.left.append(Note(LABELS["image_source"], SAME_SOURCE.format(SOURCES[source])))
        if region := region_in(image.registry):
            self.put("region", region)
        if image.digest:
            self.left.append(Note(f"@{image.digest}", NO_DIGEST))
        if image.tag or not image.digest:
            self.put("docker_image_tag", image.tag or USUAL_TAG)
        elif self._typed.get("docker_image_tag") == USUAL_TAG:
            # Nobody typed it, and which image has the digest it does not tell.
            self._typed["docker_image_tag"] = ""

    def has_other_image(self, image: ImageReference) -> bool:
        """Whether the form had another image, which stays and is told: parts of two would be neither."""
        now = self._typed.get("docker_image_name", "")
        if blank(now) or now == image.name:
            return False
        self.left.append(Note(f"{LABELS['docker_image_name']} {shortened(image.format())}", FULL))
        return True

    def tell_registry(self) -> None:
        """Tell of a registry that stays beside an image that has none."""
        if not blank(registry := self._typed.get("registry", "")):
            self.left.append(Note(f"{LABELS['registry']} {shortened(registry)}", NO_REGISTRY))

    def has_variable(self, key: str, value: str | None) -> bool:
        """Whether the form had a value for this variable before; one that is not this `value` is told to stay.

        None is a value that is still to be typed.
        """
        if key not in self._full:
            return False
        if value is not None and not any(row.get("value") == value for row in self._by_key.get(key, ())):
            self.left.append(Note(f"Variable {key}", FULL_VARIABLE))
        return True

    def put_variable(self, key: str, known: str | None) -> None:
        """Add a variable, or the value to one that has none. One that is there with another value becomes a repeat.

        One whose value is still to be typed (None) goes by its name.
        """
        same = self._by_key.setdefault(key, [])
        if known is None and same:
            return
        value = known or ""
        secret = secret_name(key) if known is None else looks_secret(key, value)
        if any(row.get("value", "") == value for row in same):
            return
        if key in self._full:
            self.left.append(Note(f"Variable {key}", TWICE))
        row = next((row for row in same if not row.get("value")), None)
        if row is None:
            row = {"key": key, "type": "VAR"}
            same.append(row)
            self._variables.append(row)
            self._new.append(row)
        row["value"] = value
        self._look_at(f"Variable {key}", value)
        if secret:
            row["encrypted"] = "true"
        if known is None or (secret and not value):
            row["unknown"] = "true"
        self._filled.append(Note(f"Variable {key}", "encrypted, since it looks like a secret" if secret else ""))

    def put_row(self, row: Typed) -> None:
        """Add a variable as it is set somewhere else, or set one that has no value so, unless the same one is there."""
        key, value = row.get("key", ""), row.get("value", "")
        if self.has_variable(key, value):
            return
        same = self._by_key.setdefault(key, [])
        if row in same:
            return
        guessed = not is_secret(row) and looks_secret(key, value)
        new = {**row, "encrypted": "true"} if guessed else row
        self._look_at(f"Variable {key}", *row.values())
        if key in self._empty:
            self._empty.pop(key).update(new)
        else:
            same.append(new)
            self._variables.append(new)
            self._new.append(new)
        self._filled.append(Note(f"Variable {key}", "encrypted, since it looks like a secret" if guessed else ""))

    def put_volume(self, mapping: VolumeMapping) -> bool:
        """Add a volume mapping, unless the form had another one for its folder in the container; gives whether it is
        there now."""
        source, target = on_line(mapping.source), on_line(mapping.target)
        if (source, target) in self._mapped:
            return True
        if target in self._targets:
            self.left.append(Note(f"Volume mapping {shortened(source)}:{shortened(target)}", FULL_VOLUME))
            return False
        self._mapped.add((source, target))
        self._look_at("Volume mapping", mapping.source, mapping.target)
        self._volumes.append({"source": source, "target": target})
        self._new.append(self._volumes[-1])
        self._filled.append(Note("Volume mapping", f"{source}:{target}"))
        return True


def as_run(image: str, commands: str) -> str:
    """Commands; before flags alone the image, since only that tells which program gets them."""
    *before, last = commands.split("\n")
    return "\n".join([*before, f"{image} {last}" if last.startswith("-") else last])


def fill_from_env(typed: Mapping[str, str], text: str) -> tuple[Typed, str, Report | None]:
    """Make variables of a `.env` text; gives the fields, what stays in the text's box, and what came of it.

    Of a text with lines that can't be read these stay; one with too much in it stays whole, and nothing is filled in.
    """
    try:
        env = read_env(text)
    except PasteError:
        return dict(typed), text, None
    if not env.rows:
        return dict(typed), text, None
    filling = Filling(typed)
    for row in env.rows:
        filling.put_variable(row.key, row.value)
    filling.left += [Note(f"Line {remark.line}", remark.text) for remark in env.remarks]
    return filling.typed, env.rest, filling.report


def to_env(typed: Mapping[str, str]) -> tuple[Typed, str, Report]:
    """Make one text of the variables, but for those that a text can't hold: they stay rows."""
    rows = [row for row in rows_of(typed, "variables") if is_filled(row)]
    stay = [row for row in rows if not fits_text(row)]
    text = format_env(EnvRow(row["key"].strip(), row.get("value", "")) for row in rows if fits_text(row))
    left = tuple(Note(f"Variable {row.get('key', '')}", STAYS) for row in stay)
    return with_rows(typed, "variables", stay), text, Report(left=left)


def fits_text(row: Mapping[str, str]) -> bool:
    """Whether a variable is a name and a value that may be shown, and nothing more."""
    try:
        check_variable_name(row.get("key", "").strip())
    except VariableNameError:
        return False
    more = ("kept", "unknown", "settable", "description")
    return not is_secret(row) and row.get("type", "VAR") == "VAR" and not any(row.get(name) for name in more)


def is_filled(row: Mapping[str, str]) -> bool:
    """Whether anything was typed in a row."""
    names = ("key", "value", "description", "source", "target")
    return bool(row.get("kept")) or any(not blank(row.get(name)) for name in names)
