"""Asking a registry about the image of a form: whether it is there, which tags it has, which versions it is."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from flask import request

from webapp.context import parts, person
from webapp.forms.action_form.buttons import CHECK, CHECK_IMAGE, CHECK_REVIEWED, ENTER, PIN, TAGS, USE_CHOSEN, USE_TAG
from webapp.forms.answers import AnswersForm
from webapp.prepared.boxes import Asked
from webapp.prepared.templates import Template
from webapp.registry.findings import Seen
from webapp.registry.images import Credentials
from webapp.registry.tags import found_in
from webapp.submissions.drafts import Draft
from webapp.submissions.image_checks import ImageCheck
from webapp.views.action_form.binding import AnyForm, bind_answers, whole_form
from webapp.views.action_form.returning import is_navigation

# Nobody needs more at once to choose from: what is typed finds the others.
MOST_SHOWN = 100
# Of all tags so many characters go along for script to look through: those of ten thousand, as tags mostly are.
MOST_CHARACTERS = 300_000
LONGEST_IMAGE = 600
LONGEST_FILTER = 128
# What decides where a name and password go, and for what.
LEADING = ("image_source", "registry", "docker_image_name", "login")
TAGLESS = "Not checked: enter the tag first."
UNSIGNED = (
    "Not checked with the user name and password: press “Check the image” for that. Without them the registry does not "
    "show this image."
)
REGISTRYLESS = "Not checked: enter the registry first. Without one, “Check the image” asks Docker Hub."


@dataclass(frozen=True)
class Answer:
    """What a registry has said just now, or why it was not asked: a `check`, or a `sentence`.

    With it come `tags` to choose from, of which `found` are those with the text `wanted`, or versions that the image
    can be pinned to (`pins`). `scripted`: script looks through the tags while somebody types.
    `again` is from when it makes sense to ask again, where that is known.
    """

    check: ImageCheck | None = None
    sentence: str = ""
    tags: Sequence[str] = ()
    found: Sequence[str] = ()
    wanted: str = ""
    pins: Sequence[str] = ()
    scripted: bool = False
    again: datetime | None = None

    most: ClassVar = MOST_SHOWN

    @property
    def shown(self) -> Sequence[str]:
        """The first of the tags that were found."""
        return self.found[:MOST_SHOWN]

    @property
    def all(self) -> str:
        """The tags that script looks through, with blanks between them."""
        left, some = MOST_CHARACTERS, []
        for tag in self.tags:
            left -= len(tag) + 1
            if left < 0:
                break
            some.append(tag)
        return " ".join(some)


def ask(button: str, draft: Draft, form: AnyForm) -> Answer | None:
    """Do what a button says that asks a registry; None when it is none of these. Whoever answers the questions of a
    template chooses no other tag than it asks for."""
    choosing = () if isinstance(form, AnswersForm) else (TAGS, PIN)
    if choosing and button.startswith(USE_TAG):
        # As script does when somebody has left the tag's box.
        return check_unpressed(draft, form)
    if button not in (CHECK_IMAGE, CHECK_REVIEWED, *choosing):
        return None
    credentials = credentials_of(draft, form)
    if button in (CHECK_IMAGE, CHECK_REVIEWED):
        return check(draft, form, credentials)
    source, registries, who = whole_form(form).source, parts().registries, person().id
    if source.unasked:
        return Answer(sentence=source.unasked)
    if button == PIN:
        pins = registries.pins(source.reference, credentials, who)
        return Answer(sentence=pins.sentence, pins=pins.names, again=again_after(pins.wait))
    tags = registries.tags(source.reference, credentials, who)
    wanted = wanted_tags()
    found = found_in(tags.names, wanted)
    scripted, again = not is_navigation(), again_after(tags.wait)
    return Answer(None, tags.sentence, tags.names, found, wanted, scripted=scripted, again=again)


def check(draft: Draft, form: AnyForm, credentials: Credentials | None = None) -> Answer:
    """Ask whether the image is there, with a name and password or without."""
    source = whole_form(form).source
    unasked = source.unasked or (TAGLESS if not source.reference.tag else "")
    image = source.reference.format()[:LONGEST_IMAGE]
    signed = credentials is not None
    now, of = int(parts().clock().timestamp()), mark_of(draft, form, signed)
    if unasked:
        return Answer(ImageCheck("", image, Seen.NOT_CHECKED.value, unasked, now))
    found = parts().registries.check(source.reference, credentials, person().id)
    again = again_after(found.wait)
    again_at = int(again.timestamp()) if again else None
    return Answer(ImageCheck(of, image, found.seen.value, found.sentence, now, signed, found.nearest, again_at))


def check_unpressed(draft: Draft, form: AnyForm) -> Answer:
    """Ask whether the image is there though nobody has pressed “Check”: without a password, and not of Docker Hub
    while the private registry that the image is in has still to be entered, since its name is nobody else's business.
    """
    source = whole_form(form).source
    if source.registry_missing:
        image, now = source.reference.format()[:LONGEST_IMAGE], int(parts().clock().timestamp())
        return Answer(ImageCheck("", image, Seen.NOT_CHECKED.value, REGISTRYLESS, now))
    answer = check(draft, form)
    if answer.check is not None and is_hidden(answer.check) and credentials_of(draft, form):
        return replace(answer, check=replace(answer.check, seen=Seen.NOT_CHECKED.value, sentence=UNSIGNED))
    return answer


def is_hidden(found: ImageCheck) -> bool:
    """Whether the registry may have the image all the same, for who has a name and password."""
    return found.seen in (Seen.NOT_THERE.value, Seen.REFUSED.value) and not found.nearest


def again_after(wait: int | None) -> datetime | None:
    """The full minute in which so many seconds are over; None where nobody knows how many."""
    if wait is None:
        return None
    return (parts().clock() + timedelta(seconds=wait + 59)).replace(second=0, microsecond=0)


def remember(draft: Draft, answer: Answer | None) -> Draft:
    """The draft with what was seen of its image, which goes along until it is sent."""
    if answer is None or answer.check is None or not answer.check.of:
        return draft
    return replace(draft, envelope=replace(draft.envelope, image=answer.check))


def known(draft: Draft, form: AnyForm) -> ImageCheck | None:
    """What was seen of the very image that the form has now, with the same name and password if with any."""
    seen = draft.envelope.image
    return seen if seen is not None and seen.of == mark_of(draft, form, seen.signed) else None


def only_known(draft: Draft, form: AnyForm) -> Draft:
    """The draft without what was seen of another image: what its submission keeps."""
    return replace(draft, envelope=replace(draft.envelope, image=known(draft, form)))


def mark_of(draft: Draft, form: AnyForm, signed: bool) -> str:
    """Mark what is asked of a registry, with the name and password where there are any: they can't be read out of
    it. A template's password, which is opened for the question alone, goes in by its name."""
    source, template = whole_form(form).source, draft.envelope.template
    asked: list[object] = [source.reference.format()]
    if signed:
        asked.append([template.id, *source.kept_credentials] if template else source.credentials)
    return parts().vault.fingerprint(f"image\n{json.dumps(asked)}".encode(errors="replace"))


def credentials_of(draft: Draft, form: AnyForm) -> Credentials | None:
    """The name and password to ask with, where both are there: those of the form, or of its template."""
    if isinstance(form, AnswersForm):
        form = with_secrets(draft, form)
    given = whole_form(form).source.credentials
    return Credentials(*given) if given else None


def with_secrets(draft: Draft, form: AnswersForm) -> AnswersForm:
    """The form with its template's secrets, where it fixes which image its password is for. Else without them all."""
    if leads_elsewhere(form.template) or form.outside() or draft.envelope.template is None:
        return bind_answers(draft, {})
    return bind_answers(draft, parts().library.secrets(draft.envelope.template.id))


def leads_elsewhere(template: Template) -> bool:
    """Whether an answer decides which image of which registry the password is for."""
    return any(isinstance(template.use(box), Asked) for box in LEADING)


def meant(button: str) -> str:
    """Which button is meant. One that takes the tag that is chosen in the list: the one with that tag. Enter: the one
    that finds tags, where the text to find is another than was found last; else the one that checks the form."""
    if button == USE_CHOSEN:
        return USE_TAG + request.form.get("tag_choice", "")
    if button == ENTER:
        return CHECK if wanted_tags() == request.form.get("tags_found", wanted_tags()) else TAGS
    return button


def wanted_tags() -> str:
    """The text to find tags by."""
    return request.form.get("tag_filter", "")[:LONGEST_FILTER].strip()
