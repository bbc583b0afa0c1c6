"""`python -m reportkit`: the same as the command."""

from reportkit.cli import main

main()
