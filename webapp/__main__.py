"""`python -m webapp` is the `slipway` command."""

from webapp.cli import main

main()
