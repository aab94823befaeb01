"""Forms with many fields, which take half the time that WTForms' own take: each field is made once, and then copied."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wtforms import Field, Form
from wtforms.fields.core import Label
from wtforms.form import BaseForm

if TYPE_CHECKING:
    from wtforms.fields.core import UnboundField

# More than all fields of all forms of this kind. Those that a form is given besides are its own, and are not kept.
MOST_FIELDS = 200


class QuickForm(Form):
    """A form that reads what was posted, or would have been, and nothing else: no object and no other data.

    Attributes of its fields, and their labels, are its own. What stands in other attributes, such as flags and choices,
    all copies of a field share: it is put in their place and never changed itself.
    """

    class Meta:
        """How WTForms makes the fields of a form."""

        def bind_field(self, form: BaseForm, unbound_field: "UnboundField[Field]", options: Mapping[str, Any]) -> Field:
            """Copy a field that the form's class declares; make any other, such as that of the CSRF token."""
            name = options["name"]
            if getattr(type(form), name, None) is not unbound_field:
                return unbound_field.bind(form=form, **options)
            return copied(made(unbound_field, name), form, options["prefix"])

    def process(self, formdata: Any = None, *about: Any, **more: Any) -> None:
        """Read what was posted."""
        for field in self:
            # WTForms would call each default to see whether it can be called: none is a function here.
            field.process(formdata, field.default)


@lru_cache(MOST_FIELDS)
def made(unbound: "UnboundField[Field]", name: str) -> Field:
    """A field as its class declares it, of no form yet."""
    return unbound.bind(form=BaseForm(()), name=name)


def copied(field: Field, form: BaseForm, prefix: str) -> Field:
    """The same field as one of a form."""
    copy: Field = object.__new__(type(field))
    own = copy.__dict__ = vars(field).copy()
    own["meta"], own["_form"] = form.meta, form
    own["name"] = own["id"] = name = prefix + field.name
    own["label"] = Label(name, field.label.text)
    return copy
