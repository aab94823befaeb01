"""Slipway: a web desk that adds "Run Docker container" actions to Buddy pipelines.

Belongs here: the packages, and the name by which others find the app. Does not belong here: anything that is loaded,
since `__main__.py` comes before all else.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    """Load `create_app` for who asks for it here, where apps are looked for as a rule."""
    if name != "create_app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from webapp.app import create_app

    return create_app
