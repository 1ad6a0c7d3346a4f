"""The command `mockface`: `serve`, and the small tools around it.

Exit status: 0 well, 1 the answer is no (`health`, `coverage --fail-under`), 2 something was given that cannot be used.
The web framework is imported by `serve` alone.
"""

from __future__ import annotations

import gc


def main() -> None:
    """Run what the command line says."""
    # Imports make next to no garbage, yet it is looked for all the time: that took 7 ms of a start, of 92. The commands
    # that last switch it on again.
    gc.disable()
    from mockface.cli import output
    from mockface.cli.group import main as group

    output.prepare()
    group()
