"""Runs commands in a real shell with curl; run as a program, it installs curl where there is none."""

import os
import shutil
import subprocess
import sys

HELP = "The tests of the command for a terminal need curl: install it."


def run_in_shell(command: str, **variables: str) -> str:
    """Run a command as people paste it, with nothing but these variables and the PATH; gives what it prints."""
    environment = {"PATH": os.environ["PATH"], **variables}
    subprocess.run(["sh", "-n"], input=command, text=True, check=True, timeout=60)
    done = subprocess.run(
        ["sh", "-c", command], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def install() -> None:
    """Install curl, as root on Debian. Exits when that does not work."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        for arguments in (("update",), ("install", "--yes", "--no-install-recommends", "curl")):
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", *arguments], check=False, env=environment)
    if not shutil.which("curl"):
        sys.exit(HELP)


if __name__ == "__main__" and not shutil.which("curl"):
    install()
