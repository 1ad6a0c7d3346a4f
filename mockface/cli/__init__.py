"""The command `mockface`: `serve`, and the small tools around it.

Exit status: 0 well, 1 the answer is no (`health`, `coverage --fail-under`), 2 something was given that cannot be used.
The web framework is imported by `serve` alone.
"""

from __future__ import annotations


def main() -> None:
    """Run what the command line says."""
    from mockface.cli import output
    from mockface.cli.group import main as group

    output.prepare()
    group()
