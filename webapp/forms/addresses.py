"""A pasted address of Buddy's."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from webapp.buddy.addresses import Address
from webapp.forms.fields import Line
from webapp.forms.validators import needed, plain

# In characters; browsers and servers commonly take no longer ones.
LONGEST_ADDRESS = 2000


class AddressForm(FlaskForm):
    """One box for an address. `link_base` is the address whose host may be linked to besides Buddy's own domain."""

    address = Line(
        "Address of a pipeline or an action in Buddy",
        [needed("Enter an address that you have copied from Buddy"), plain("The address")],
        longest=LONGEST_ADDRESS,
        description="Copy it from your browser while Buddy shows the pipeline or the action, and paste it here.",
    )

    def __init__(self, link_base: str, **options: Any) -> None:
        super().__init__(**options)
        self._link_base = link_base

    def validate_address(self, field: Line) -> None:
        """It names a pipeline or an action."""
        try:
            Address.parse(field.text, self._link_base)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def to_address(self) -> Address:
        """Give what the address names. Call it on a form that has been validated."""
        return Address.parse(self.address.text, self._link_base)
