"""The command `slipway`, and `python -m webapp`: loads the program and runs it."""

import gc


def main() -> None:
    """Load the program and run its command."""
    # Nothing of what is loaded is garbage: to look for some all the while would take a fifth of the time.
    gc.disable()
    from webapp.cli import main as command

    # It stays until the end, so that nobody need go through it later, either.
    gc.freeze()
    gc.enable()
    command()


if __name__ == "__main__":
    main()
