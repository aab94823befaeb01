"""The programs that tests need beside Python; run as a program, it installs those that are missing."""

import shutil
import sys

from support import chromium, debian, postgres

# Called as Debian's packages are.
NEEDED = ("curl", "docker-registry", "nginx", "skopeo")
HELP = "Some tests need programs that are not here: install {}."


def missing() -> list[str]:
    """Those that are not there."""
    return [name for name in NEEDED if not shutil.which(name)]


if __name__ == "__main__":
    debian.get(*missing())
    if missing():
        sys.exit(HELP.format(", ".join(missing())))
    print("Chromium:", chromium.find() or chromium.install())
    print("PostgreSQL:", postgres.programs())
