"""What goes on the wire: only what is given; what is at its default is left out."""


def given(**values: str) -> dict[str, str]:
    """Those of the values that are not empty."""
    return {name: value for name, value in values.items() if value}


def ticked(**values: bool) -> dict[str, bool]:
    """Those of the values that are true."""
    return {name: value for name, value in values.items() if value}


def numbers(**values: int | None) -> dict[str, int]:
    """Those of the values that are given."""
    return {name: value for name, value in values.items() if value is not None}
