"""Finds the scenario files of a path: the file itself, or every .yaml and .yml file below a folder, in any case.

Takes paths; returns files, and a diagnostic for each path without any. Names that begin with a dot are ignored below a
folder: Kubernetes mounts the files of a ConfigMap a second time under such names, and editors and git use them. A link
to a folder is followed if it stays within the given folder: Kubernetes mounts ConfigMap items with a folder in their
path this way. Reads no files.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from mockface.privacy.masking import printable
from mockface.reasons import Reason, Said, masked, words
from mockface.scenariofiles.diagnostic import Diagnostic

SUFFIXES = (".yaml", ".yml")
_MISSING = words("there is no such file or folder", "没有这个文件或目录")
_NOT_YET = Reason("{missing}; it is read when it appears", "{missing}；出现后会读取")
_NO_FILE = words("this folder has no .yaml or .yml file", "目录中没有 .yaml 或 .yml 文件")
_NO_FILE_BUT = Reason(
    "this folder has no .yaml or .yml file, but {others}", "目录中没有 .yaml 或 .yml 文件，但有 {others}"
)
_NO_FOLDER = Reason("this folder cannot be read: {why}", "无法读取目录：{why}")
_LEADS_NOWHERE = words("the target of this link does not exist", "这个链接指向的目标不存在")
_UNSEEN = Reason("this cannot be accessed: {why}", "无法访问：{why}")
_OTHER_KIND = Reason("this is {kind}; expected a file, or a folder of files", "这是{kind}；应为文件，或存放文件的目录")
_SYSTEM_SAYS = {
    "Permission denied": "权限不足",
    "Is a directory": "是目录",
    "Input/output error": "输入输出错误",
    "File name too long": "文件名过长",
}
_TOLD_NAMES = 3
_NEARLY = re.compile(r"\.ya?ml\b|\.(yam|ymal|yaml?l|ymll|eyaml)$", re.IGNORECASE)
"""A name that was probably meant to be a YAML file's: team.yaml.txt, team.yml~, team.ymal."""
SHIPPED = Path(__file__).parent / "data"
"""The shipped files in an installed package; in a checkout they are in `scenarios/`."""


def system_says(fault: OSError | ValueError) -> str:
    """The system's error message, with its Chinese if known."""
    message = str(getattr(fault, "strerror", fault))
    return words(message, _SYSTEM_SAYS[message]) if message in _SYSTEM_SAYS else message


def files_in(paths: Iterable[Path | str]) -> tuple[list[Path], list[Diagnostic]]:
    """The YAML files of these paths, and a diagnostic for each path that has none or cannot be read."""
    files: list[Path] = []
    diagnostics: list[Diagnostic] = []
    for path in map(Path, paths):
        shortcoming = _shortcoming(path)
        if shortcoming is not None:
            diagnostics.append(about(path, shortcoming))
        elif path.is_file():
            files.append(path)
        else:
            found, refused = _below(path)
            files += found
            diagnostics += refused
            if not found and all(one.warning for one in refused):
                diagnostics.append(about(path, _NO_FILE))
    return files, diagnostics


def mounted(path: Path) -> tuple[bool, Diagnostic | None]:
    """For a path that may be missing or empty: whether there is something to read or report; else a warning.

    An empty folder, or one with dot files only, is normal before anything is mounted.
    """
    shortcoming = _shortcoming(path)
    if shortcoming == _MISSING:
        return False, about(path, _NOT_YET.of(missing=_MISSING))._replace(warning=True)
    if shortcoming is not None or path.is_file() or any(_below(path)):
        return True, None
    try:
        others = sorted(one.name for one in path.iterdir() if not one.name.startswith("."))
    except OSError:
        return True, None  # it was just removed; reading it reports that
    if not others:
        return False, None
    told = ", ".join(others[:_TOLD_NAMES]) + (", …" if len(others) > _TOLD_NAMES else "")
    return False, about(path, masked(_NO_FILE_BUT.of(others=told), printable))._replace(warning=True)


def about(path: Path, text: Said, *, warning: bool = False) -> Diagnostic:
    """A diagnostic about a file or folder; control characters in its name are escaped for the terminal."""
    return Diagnostic(printable(str(path)), 0, 0, text, warning=warning)


def _below(folder: Path) -> tuple[list[Path], list[Diagnostic]]:
    """The files below a folder; other entries, and links out of the folder, are reported instead."""
    files: list[Path] = []
    diagnostics: list[Diagnostic] = []
    top = folder.resolve()
    for path in _walked(folder, diagnostics):
        shortcoming = _shortcoming(path)
        if shortcoming is None and not path.resolve().is_relative_to(top):
            # A link in an untrusted folder must not make `check` print lines of other files.
            shortcoming = _LEADS_OUT
        if shortcoming is not None:
            diagnostics.append(about(path, shortcoming))
        elif path.is_file():
            files.append(path)
    return files, diagnostics


def _walked(folder: Path, diagnostics: list[Diagnostic]) -> Iterator[Path]:
    """The paths below a folder that look like YAML files, in order: the folder's own first, then those behind links."""

    def cannot(fault: OSError) -> None:
        diagnostics.append(about(Path(str(fault.filename)), _NO_FOLDER.of(why=system_says(fault))))

    top = folder.resolve()
    links: list[Path] = []
    seen: list[str] = []
    for start in _with_links(folder, links):
        if start is not folder and not start.resolve().is_relative_to(top):
            diagnostics.append(about(start, _LEADS_OUT))
            continue
        for place, folders, names in os.walk(start, onerror=cannot):
            if start is not folder and os.path.realpath(place) in map(os.path.realpath, seen):
                folders.clear()  # its files were found under another name
                continue
            seen.append(place)
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            links += [Path(place, name) for name in folders if Path(place, name).is_symlink()]
            for name in sorted(name for name in names if not name.startswith(".")):
                if is_scenarios(name):
                    yield Path(place, name)
                elif _NEARLY.search(name):
                    diagnostics.append(about(Path(place, name), _PASSED_OVER, warning=True))


def is_scenarios(name: str) -> bool:
    """Whether a file with this name is a scenario file."""
    return name.lower().endswith(SUFFIXES) and not name.startswith(".")


def _with_links(folder: Path, links: list[Path]) -> Iterator[Path]:
    """The folder, then the links to folders found so far."""
    yield folder
    while links:
        yield links.pop(0)


_LEADS_OUT = words(
    "this link points outside the folder; give its target as a separate path",
    "这个链接指向目录之外；应把它指向的路径单独列出",
)
_PASSED_OVER = words(
    "this file is ignored: its name does not end in .yaml or .yml", "此文件已忽略：文件名不以 .yaml 或 .yml 结尾"
)
_KINDS = (
    (stat.S_ISFIFO, words("a named pipe", "命名管道")),
    (stat.S_ISSOCK, words("a socket", "套接字")),
    (stat.S_ISCHR, words("a device", "设备")),
    (stat.S_ISBLK, words("a device", "设备")),
)


def _shortcoming(path: Path) -> Said | None:
    """Why this is neither a file nor a folder; None if it is one."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as fault:
        if os.path.islink(path):  # noqa: PTH114 - Path's own raises if the name is too long
            return _LEADS_NOWHERE
        if isinstance(fault, FileNotFoundError | NotADirectoryError):
            return _MISSING
        return _UNSEEN.of(why=system_says(fault))
    kind = next((words for so, words in _KINDS if so(mode)), None)
    return kind and _OTHER_KIND.of(kind=kind)


def shipped_folder() -> Path:
    """The folder of the shipped scenario files: in the package if installed, else at the top of the checkout."""
    return SHIPPED if SHIPPED.is_dir() else Path(__file__).parents[2] / "scenarios"
