"""Which files a path means: the file itself, or every .yaml and .yml below a folder, in any case.

Paths go in; files, and a diagnostic for each path that means none, come out. What begins with a dot below a folder is
left out: Kubernetes mounts a ConfigMap's files a second time under such names, and editors and git keep theirs there.
A link to a folder is followed where it stays within the folder that was given: that is how a ConfigMap's item with a
folder in its path is mounted. Nothing here reads a file.
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
_NOT_YET = Reason("{missing}; it is read once it is there", "{missing}；出现后会读取")
_NO_FILE = words("this folder holds no .yaml or .yml file", "目录中没有 .yaml 或 .yml 文件")
_NO_FILE_BUT = Reason(
    "this folder holds no .yaml or .yml file, but {others}", "目录中没有 .yaml 或 .yml 文件，但有 {others}"
)
_NO_FOLDER = Reason("this folder cannot be read: {why}", "无法读取目录：{why}")
_LEADS_NOWHERE = words("this link leads nowhere", "这个链接指向的目标不存在")
_UNSEEN = Reason("this cannot be looked at: {why}", "无法访问：{why}")
_OTHER_KIND = Reason("this is {kind}; expected a file, or a folder of files", "这是{kind}；应为文件，或存放文件的目录")
_SYSTEM_SAYS = {
    "Permission denied": "权限不足",
    "Is a directory": "是目录",
    "Input/output error": "输入输出错误",
    "File name too long": "文件名过长",
}
_TOLD_NAMES = 3
_NEARLY = re.compile(r"\.ya?ml\b|\.(yam|ymal|yaml?l|ymll|eyaml)$", re.IGNORECASE)
"""A name that somebody may have meant for a YAML file's: team.yaml.txt, team.yml~, team.ymal."""
SHIPPED = Path(__file__).parent / "data"
"""The shipped files inside an installed package; in a checkout they lie beside it."""


def system_says(fault: OSError | ValueError) -> str:
    """The system's own words for a fault, which know their Chinese where it is known."""
    message = str(getattr(fault, "strerror", fault))
    return words(message, _SYSTEM_SAYS[message]) if message in _SYSTEM_SAYS else message


def files_in(paths: Iterable[Path | str]) -> tuple[list[Path], list[Diagnostic]]:
    """The YAML files that these paths mean, and a diagnostic for each that means none or may not be read."""
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
    """Of a path that may be missing or empty: whether there is something to read or to report of; else a warning.

    A folder that is empty, or holds nothing but names with a dot, is as it should be before anything is mounted.
    """
    shortcoming = _shortcoming(path)
    if shortcoming == _MISSING:
        return False, about(path, _NOT_YET.of(missing=_MISSING))._replace(warning=True)
    if shortcoming is not None or path.is_file() or any(_below(path)):
        return True, None
    try:
        others = sorted(one.name for one in path.iterdir() if not one.name.startswith("."))
    except OSError:
        return True, None  # it went away a moment ago: whoever reads it says so
    if not others:
        return False, None
    told = ", ".join(others[:_TOLD_NAMES]) + (", …" if len(others) > _TOLD_NAMES else "")
    return False, about(path, masked(_NO_FILE_BUT.of(others=told), printable))._replace(warning=True)


def about(path: Path, text: Said, *, warning: bool = False) -> Diagnostic:
    """A diagnostic about a whole file or folder, whose name may hold anything but must not reach a terminal so."""
    return Diagnostic(printable(str(path)), 0, 0, text, warning=warning)


def _below(folder: Path) -> tuple[list[Path], list[Diagnostic]]:
    """The files below a folder; those that are none, or that lie elsewhere, are reported instead."""
    files: list[Path] = []
    diagnostics: list[Diagnostic] = []
    top = folder.resolve()
    for path in _walked(folder, diagnostics):
        shortcoming = _shortcoming(path)
        if shortcoming is None and not path.resolve().is_relative_to(top):
            # A folder of a stranger must not make `check` print the lines of other files.
            shortcoming = _LEADS_OUT
        if shortcoming is not None:
            diagnostics.append(about(path, shortcoming))
        elif path.is_file():
            files.append(path)
    return files, diagnostics


def _walked(folder: Path, diagnostics: list[Diagnostic]) -> Iterator[Path]:
    """The paths below a folder that look like YAML files, in order: first its own, then those behind links."""

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
                folders.clear()  # its files have been read by another name
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
    """Whether a file of this name below a folder is a scenario file."""
    return name.lower().endswith(SUFFIXES) and not name.startswith(".")


def _with_links(folder: Path, links: list[Path]) -> Iterator[Path]:
    """The folder, then the links to folders that were found meanwhile."""
    yield folder
    while links:
        yield links.pop(0)


_LEADS_OUT = words(
    "this link leads out of the folder; give what it leads to as a path of its own",
    "这个链接指向目录之外；应把它指向的路径单独列出",
)
_PASSED_OVER = words(
    "this file is passed over: its name does not end in .yaml or .yml", "此文件被略过：文件名不以 .yaml 或 .yml 结尾"
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
        if os.path.islink(path):  # noqa: PTH114 - that of Path raises where the name is too long
            return _LEADS_NOWHERE
        if isinstance(fault, FileNotFoundError | NotADirectoryError):
            return _MISSING
        return _UNSEEN.of(why=system_says(fault))
    kind = next((words for so, words in _KINDS if so(mode)), None)
    return kind and _OTHER_KIND.of(kind=kind)


def shipped_folder() -> Path:
    """Where the shipped scenario files are: inside the package when installed, else at the top of the checkout."""
    return SHIPPED if SHIPPED.is_dir() else Path(__file__).parents[2] / "scenarios"
