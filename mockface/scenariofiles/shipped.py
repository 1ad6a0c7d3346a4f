"""The contents of the shipped scenario files, from a generated table.

`python -m mockface.scenariofiles.shipped` reads the files and writes `shippedtable.py`; run it after a change to them.
Importing PyYAML and reading them takes 15 ms of a start of 115. The table is used if its digest matches the files, or
if there are no files; else the files are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from mockface import model
from mockface.codes import Code
from mockface.scenariofiles.files import files_in, shipped_folder
from mockface.scenariofiles.merged import Loaded, assemble


def shipped(folder: Path | None = None) -> Loaded:
    """The contents of a folder's files; of the shipped folder by default."""
    from mockface.scenariofiles import (
        shippedtable,  # imported late: an outdated table must not prevent writing the next
    )

    # A test's fake filesystem hides the package's own files; then the table replaces them.
    is_hidden = folder is None and not shipped_folder().exists()
    folder = folder or shipped_folder()
    if not is_hidden and digest(folder) != shippedtable.DIGEST:
        from mockface.scenariofiles import reader

        return reader.load([folder])
    return Loaded(
        scenarios={scenario.number: scenario for scenario in shippedtable.SCENARIOS},
        defaults=dict(shippedtable.DEFAULTS),
    )


def digest(folder: Path) -> str:
    """A digest of the names and contents of a folder's scenario files; "" if there are none or one is unreadable."""
    files, diagnostics = files_in([folder])
    seen = sha256()
    try:
        for file in files:
            seen.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    except OSError:
        return ""
    return "" if diagnostics else seen.hexdigest()


def table(folder: Path) -> str:
    """The source of `shippedtable.py`. Raises ValueError for mistakes or accounts, which the table cannot contain."""
    from mockface.scenariofiles import reader

    loaded = reader.load([folder])
    _, diagnostics = assemble(Loaded(), loaded)
    if diagnostics or loaded.accounts:
        raise ValueError("\n".join(map(str, diagnostics)) or "shipped files must not contain accounts")
    return "\n".join(_lines(loaded, digest(folder)))


def _lines(loaded: Loaded, of_files: str) -> Iterator[str]:
    yield '"""What the shipped scenario files say. Written by `python -m mockface.scenariofiles.shipped`, see there."""'
    yield ""
    yield "# ruff: noqa: E501"
    yield "# fmt: off"
    yield "from mockface import codes"
    yield "from mockface.gateway import codes as successor"
    yield "from mockface.model import Delay, Fault, Scenario, Step"
    yield ""
    yield f'DIGEST = "{of_files}"'
    yield "SCENARIOS = ("
    yield from (f"    {_source(scenario)}," for scenario in loaded.scenarios.values())
    yield ")"
    yield "DEFAULTS = {"
    yield from (f"    {_source(name)}: {_source(scenario)}," for name, scenario in loaded.defaults.items())
    yield "}"
    yield ""


def _source(value: object) -> str:
    """Python source of this value; fields with their default are left out."""
    if isinstance(value, Code):
        return f"successor.EVERY[{value.number!r}]" if isinstance(value.number, str) else f"codes.{value.name}"
    if type(value) is tuple:
        return f"({', '.join(map(_source, value))},)"
    if type(value).__module__ != model.__name__:
        return repr(value)
    from inspect import signature

    given = [
        f"{name}={_source(getattr(value, name))}"
        for name, parameter in signature(type(value)).parameters.items()
        if getattr(value, name) != parameter.default
    ]
    return f"{type(value).__name__}({', '.join(given)})"


if __name__ == "__main__":
    Path(__file__).with_name("shippedtable.py").write_text(table(shipped_folder()), encoding="utf-8", newline="\n")
