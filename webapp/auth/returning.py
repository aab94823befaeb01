"""Where somebody goes after signing in: a page of Slipway's own, and nowhere else."""

import re

# Browsers read a backslash as a slash and leave out tabs and line ends, so none of these may be in it.
ALLOWED = re.compile(r"/(?![/\\])[!-\[\]-~]*")


def local_path(text: str | None) -> str:
    """Give an address back when it is a path on this site, and the home page's otherwise."""
    return text if text and ALLOWED.fullmatch(text) else "/"
