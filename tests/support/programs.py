"""The programs that tests need beside Python and a Chromium; run as a program, it installs those that are missing."""

import os
import shutil
import subprocess
import sys

# Called as Debian's packages are.
NEEDED = ("curl", "docker-registry", "nginx", "skopeo")
HELP = "Some tests need programs that are not here: install {}."


def missing() -> list[str]:
    """Those that are not there."""
    return [name for name in NEEDED if not shutil.which(name)]


def install() -> None:
    """Install what is missing, as root on Debian. Exits when that does not work."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        for arguments in (("update",), ("install", "--yes", "--no-install-recommends", *missing())):
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", *arguments], check=False, env=environment)
    if missing():
        sys.exit(HELP.format(", ".join(missing())))


if __name__ == "__main__" and missing():
    install()
