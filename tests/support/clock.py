"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Called, it tells the time; it begins at this computer's."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        """Move on by so much: `seconds=3`, `hours=-1`."""
        self.now += timedelta(**amount)
