"""Which files a path means: the file itself, or every .yaml and .yml below a folder.

Paths go in; files, and a complaint for each path that means none, come out. What begins with a dot below a folder is
left out: Kubernetes mounts a ConfigMap's files a second time under such names, and editors and git keep theirs there.
Nothing here reads a file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from mockface.complaint import Complaint
from mockface.why import printable

SUFFIXES = (".yaml", ".yml")
SHIPPED = Path(__file__).parent / "scenarios"
"""The shipped files inside an installed package; in a checkout they lie beside it."""


def files_in(paths: Iterable[Path | str]) -> tuple[list[Path], list[Complaint]]:
    """The YAML files that these paths mean, and a complaint for each that means none or may not be read."""
    files: list[Path] = []
    complaints: list[Complaint] = []
    for path in map(Path, paths):
        shortcoming = _shortcoming(path)
        if shortcoming is not None:
            complaints.append(about(path, shortcoming))
        elif path.is_file():
            files.append(path)
        else:
            found, refused = _below(path)
            files += found
            complaints += refused
            if not found and not refused:
                complaints.append(about(path, "this folder holds no .yaml or .yml file"))
    return files, complaints


def about(path: Path, text: str) -> Complaint:
    """A complaint about a whole file or folder, whose name may hold anything but must not reach a terminal so."""
    return Complaint(printable(str(path)), 0, 0, text)


def _below(folder: Path) -> tuple[list[Path], list[Complaint]]:
    """The files below a folder; those that are none, or that lie elsewhere, are complained of instead."""
    files: list[Path] = []
    complaints: list[Complaint] = []
    top = folder.resolve()
    for path in _walked(folder, complaints):
        shortcoming = _shortcoming(path)
        if shortcoming is None and not path.resolve().is_relative_to(top):
            # A folder of a stranger must not make `check` print the lines of other files.
            shortcoming = "this link leads out of the folder; give what it leads to as a path of its own"
        if shortcoming is not None:
            complaints.append(about(path, shortcoming))
        elif path.is_file():
            files.append(path)
    return files, complaints


def _walked(folder: Path, complaints: list[Complaint]) -> Iterator[Path]:
    """The paths below a folder that look like YAML files, in order; links to folders are not followed."""

    def cannot(fault: OSError) -> None:
        complaints.append(about(Path(str(fault.filename)), f"this folder cannot be read: {fault.strerror}"))

    for place, folders, names in os.walk(folder, onerror=cannot):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                yield Path(place, name)


_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def _shortcoming(path: Path) -> str | None:
    """Why this is neither a file nor a folder; None if it is one."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as fault:
        if os.path.islink(path):  # noqa: PTH114 - that of Path raises where the name is too long
            return "this link leads nowhere"
        if isinstance(fault, FileNotFoundError | NotADirectoryError):
            return "there is no such file or folder"
        return f"this cannot be looked at: {getattr(fault, 'strerror', fault)}"
    kind = next((words for so, words in _KINDS if so(mode)), None)
    return kind and f"this is {kind}; expected a file, or a folder of files"


def shipped_folder() -> Path:
    """Where the shipped scenario files are: inside the package when installed, else at the top of the checkout."""
    return SHIPPED if SHIPPED.is_dir() else Path(__file__).parent.parent / "scenarios"
