"""`python -m mockface`: the same as the command `mockface`."""

from mockface.cli import main

main()
