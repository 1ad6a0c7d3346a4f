"""mockface: the retired face-verification service `POST /face/idcardcompare`, offline, for tests.

- `mockface.testing`: the handle for tests in Python, `with Mockface() as m:`. help("mockface.testing") tells more.
- The pytest plugin is there once mockface is installed: its fixture is `mockface`.
- On the command line, `mockface serve` starts a server and `mockface --help` lists the commands.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
