"""The programs that tests need beside Python; run as a program, it installs those that are missing."""

import shutil
import sys
from ctypes.util import find_library

from support import chromium, debian, postgres

# Called as Debian's packages are.
NEEDED = ("curl", "docker-registry", "nginx", "skopeo")
HELP = "Some tests need programs that are not here: install {}."


def missing() -> list[str]:
    """Those that are not there."""
    return [name for name in NEEDED if not shutil.which(name)]


if __name__ == "__main__":
    # Playwright drives Chromium by a Node.js of its own, which does not start without that library.
    debian.get(*missing(), *([] if find_library("atomic") else ["libatomic1"]))
    if missing():
        sys.exit(HELP.format(", ".join(missing())))
    print("Chromium:", chromium.find() or chromium.install())
    print("PostgreSQL:", postgres.programs())
