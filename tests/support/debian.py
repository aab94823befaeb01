"""Debian's packages, for what tests need and is not there."""

import os
import shutil
import subprocess


def get(*packages: str) -> None:
    """Install packages, as root on Debian; elsewhere nothing happens. Whether it worked shows in what is found then."""
    if not packages or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (("update",), ("install", "--yes", "--no-install-recommends", *packages)):
        subprocess.run(["apt-get", "--quiet", *arguments], check=False, env=environment)
