"""`make screenshots`: a picture of every state of a page, light and dark, wide and phone, in `dist/screenshots`.

The upper parts of those that the README shows go into `.pictures` too. Words on the command line choose the states that
hold one, `--widths` and `--text` how they are looked at.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright
from support.chromium import FLAGS, HELP, find
from support.states import STATES, Stage, State, stage

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "dist" / "screenshots"
WIDTHS = {"wide": 1440, "middle": 1024, "phone": 390}
SCHEMES = ("light", "dark")
IN_README = {
    "form filled, wide, light": "form.png",
    "created, wide, dark": "receipt.png",
    "home at first, phone, light": "home.png",
}
# In px, at 100 %: what a browser sets text in, and text that is code.
TEXT, CODE = 16, 13
# Milliseconds.
PATIENCE = 15_000


def main() -> None:
    """Take the pictures, say where they are, and exit with 1 when a state could not be reached."""
    chosen = read(sys.argv[1:])
    path = find()
    if path is None:
        raise SystemExit(HELP)
    wanted = {name: go for name, go in STATES.items() if not chosen.words or any(word in name for word in chosen.words)}
    sizes = f"defaultFontSize={TEXT * chosen.text // 100},defaultFixedFontSize={CODE * chosen.text // 100}"
    suffix = "" if chosen.text == 100 else f", text at {chosen.text} %"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, f"--blink-settings={sizes}"])
        missing = take(browser, wanted, chosen.widths, suffix)
        browser.close()
    print(f"{len(wanted) - len(missing)} states are in {FOLDER.relative_to(ROOT)}")
    if missing:
        raise SystemExit("\n".join(f"Not all pictures of {state}: {why}" for state, why in missing.items()))


def read(words: Sequence[str]) -> Namespace:
    """What the command line asks for."""
    parser = ArgumentParser(description="Take pictures of the states of the pages.")
    parser.add_argument("words", nargs="*", help="of which states: those whose names hold one of the words")
    parser.add_argument("--widths", nargs="+", choices=WIDTHS, default=list(WIDTHS), help="how wide the window is")
    parser.add_argument("--text", type=int, default=100, metavar="PERCENT", help="how large text is, such as 200")
    return parser.parse_args(words)


def take(browser: Browser, states: Mapping[str, State], devices: Sequence[str], suffix: str = "") -> dict[str, str]:
    """Take the pictures of states. Gives those that could not be reached, each with the reason."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    left, missing = dict(states), dict[str, str]()
    while left:
        # One that fails halfway may leave the servers as no other state expects them.
        with stage() as here:
            for state in list(left):
                go = left.pop(state)
                try:
                    take_all(browser, here, state, go, devices, suffix)
                except (AssertionError, Error) as error:
                    missing[state] = str(error).partition("\n")[0]
                    break
    return missing


def take_all(browser: Browser, here: Stage, state: str, go: State, devices: Sequence[str], suffix: str) -> None:
    """Take the pictures of one state."""
    for device in devices:
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": WIDTHS[device], "height": 800},
                color_scheme="dark" if scheme == "dark" else "light",
                device_scale_factor=1,
            )
            try:
                page = context.new_page()
                page.set_default_timeout(PATIENCE)
                go(page, here)
                picture = f"{state}, {device}, {scheme}{suffix}"
                page.screenshot(path=FOLDER / f"{picture}.png", full_page=True)
                if picture in IN_README:
                    page.screenshot(path=ROOT / ".pictures" / IN_README[picture])
            finally:
                here.upstream.gate.set()
                context.close()


if __name__ == "__main__":
    main()
