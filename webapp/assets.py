"""The static files, under addresses that change with their content, so that a browser may keep them for good."""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

MARK_LENGTH = 12
MARKED = re.compile(rf"([a-z-]+)\.[0-9a-f]{{{MARK_LENGTH}}}(\.[a-z]+)", re.ASCII)
# What only says how a page looks.
LOOKS = frozenset({".css", ".svg"})
# Written down, since a computer's own table of types may call a script plain text, which no browser runs.
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """One static file. `name` holds a mark of its content: `site.1a2b3c4d5e6f.css`."""

    name: str
    content: bytes
    media_type: str


class Assets:
    """The files of one folder, read once."""

    def __init__(self, folder: Path) -> None:
        self._by_file = {path.name: read(path) for path in sorted(folder.iterdir()) if path.is_file()}
        self._by_name = {asset.name: asset for asset in self._by_file.values()}

    def address(self, file: str) -> str:
        """Where a file is served. Raises `KeyError` when there is no such file."""
        return f"/static/{self._by_file[file].name}"

    def find(self, name: str) -> Asset | None:
        """Find a file by its marked name."""
        return self._by_name.get(name)

    def instead_of(self, name: str) -> Asset | None:
        """The file that stands here for one of another version's, by its marked name; None where a page does better
        without: its scripts have to fit it, and it works without them."""
        match = MARKED.fullmatch(name)
        return self._by_file.get(match[1] + match[2]) if match and match[2] in LOOKS else None


def read(path: Path) -> Asset:
    """Read one file and mark its name."""
    content = path.read_bytes()
    mark = sha256(content).hexdigest()[:MARK_LENGTH]
    return Asset(f"{path.stem}.{mark}{path.suffix}", content, MEDIA_TYPES[path.suffix])
