"""What a browser and its system are called, from what they say of themselves."""

from collections.abc import Mapping

# What a browser says of itself → its name and its system (MDN, "Browser detection using the user agent string").
# The first that is found counts, since most of them name others too.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "FxiOS/": "Firefox",
    "Firefox/": "Firefox",
    "CriOS/": "Chrome",
    "Chromium/": "Chromium",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def browser(agent: str) -> str:
    """A browser and its system in short words, from its User-Agent; where they are not known, the beginning of that."""
    name, system = (first_in(agent, words) for words in (BROWSERS, SYSTEMS))
    return f"{name} on {system}" if name and system else agent[:60]


def first_in(agent: str, words: Mapping[str, str]) -> str | None:
    """The first of the words whose sign is in the text."""
    return next((word for sign, word in words.items() if sign in agent), None)
