"""Runs commands in a real shell with curl."""

import os
import subprocess


def run_in_shell(command: str, **variables: str) -> str:
    """Run a command as people paste it, with nothing but these variables and the PATH; gives what it prints."""
    environment = {"PATH": os.environ["PATH"], **variables}
    subprocess.run(["sh", "-n"], input=command, text=True, check=True, timeout=60)
    done = subprocess.run(
        ["sh", "-c", command], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout
