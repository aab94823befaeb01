"""`make screenshots`: a picture of every state of a page, light and dark, wide and phone, in `dist/screenshots`.

The upper parts of those that the README shows go into `.pictures` too. Words on the command line
choose the states that hold one.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright
from support.chromium import FLAGS, HELP, find
from support.states import STATES, stage

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "dist" / "screenshots"
WIDTHS = {"wide": 1440, "middle": 1024, "phone": 390}
SCHEMES = ("light", "dark")
IN_README = {
    "form filled, wide, light": "form.png",
    "created, wide, dark": "receipt.png",
    "home at first, phone, light": "home.png",
}


def main() -> None:
    """Take the pictures and say where they are."""
    path = find()
    if path is None:
        raise SystemExit(HELP)
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = {name: go for name, go in STATES.items() if not sys.argv[1:] or any(word in name for word in sys.argv[1:])}
    with sync_playwright() as playwright, stage() as here:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for state, go in wanted.items():
            for device, width in WIDTHS.items():
                for scheme in SCHEMES:
                    context = browser.new_context(
                        viewport={"width": width, "height": 800},
                        color_scheme="dark" if scheme == "dark" else "light",
                        device_scale_factor=1,
                    )
                    page = context.new_page()
                    page.set_default_timeout(15_000)
                    go(page, here)
                    picture = f"{state}, {device}, {scheme}"
                    page.screenshot(path=FOLDER / f"{picture}.png", full_page=True)
                    if picture in IN_README:
                        page.screenshot(path=ROOT / ".pictures" / IN_README[picture])
                    here.upstream.gate.set()
                    context.close()
        browser.close()
    print(f"{len(wanted) * len(WIDTHS) * len(SCHEMES)} pictures are in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
