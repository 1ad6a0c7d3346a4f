"""The command `mockface`: `serve`, and the smaller tools.

Exit status: 0 for success, 1 for a negative result (`health`, `coverage --fail-under`), 2 for invalid input.
Only `serve` imports the web framework.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from mockface.cli import output
    from mockface.cli.group import main as group

    output.prepare()
    group()
