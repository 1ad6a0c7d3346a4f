"""What stands between a tag and its publication; the standard library is all that it takes.

`python -m tools.release tag v0.1.0` says whether the tag, the version and the changelog's newest heading are one.
`python -m tools.release` installs each file of dist/ for each Python at hand that the project claims, and runs it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

TOP = Path(__file__).parent.parent
CHANGELOG = TOP / "CHANGELOG.md"
NAME_MISMATCH = "110110199905018032"
"""The number of -5803, which `mockface id` has to print and a call has to be answered for."""


def version() -> str:
    """The version that the package says it is."""
    (said,) = re.findall(r'^__version__ = "(.+)"$', (TOP / "mockface" / "__init__.py").read_text("utf-8"), re.MULTILINE)
    return str(said)


def disagreements(tag: str, changelog: Path = CHANGELOG) -> list[str]:
    """What is not said alike by the tag, the package and the newest heading of the changelog."""
    said = []
    if tag != f"v{version()}":
        said.append(f"the tag is {tag!r}, and mockface/__init__.py wants v{version()}")
    newest = re.findall(r"^## (.*)$", changelog.read_text("utf-8"), re.MULTILINE)[:1]
    if newest != [version()]:
        said.append(f"the newest heading of CHANGELOG.md is {newest}, and mockface/__init__.py wants {version()}")
    return said


def pythons() -> list[str]:
    """The versions that the project claims, oldest first."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    return re.findall(r"Python :: (3\.\d+)\n", "\n".join(project["classifiers"]) + "\n")


def interpreter(wanted: str) -> str:
    """The path of this Python: from the PATH, or where pyenv keeps them; nothing if it is not at hand."""
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{wanted}.*/bin/python3"))
    for name in (f"python{wanted}", *map(str, kept)):
        try:
            done = subprocess.run(
                [name, "-c", "import ssl, sys; print(sys.executable, '%d.%d' % sys.version_info[:2])"],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
        except OSError:
            continue
        path, _, found = done.stdout.strip().rpartition(" ")
        if found == wanted:
            return path
    return ""


def try_out(file: Path, python: str) -> None:
    """Install one file into an empty environment, and run it away from the sources. Raises if anything is not right."""
    with tempfile.TemporaryDirectory() as folder:
        environment = Path(folder) / "venv"
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--python", python, environment], check=True)
        subprocess.run(
            [*uv, "pip", "install", "--quiet", "--python", environment, "--constraint", TOP / "constraints.txt", file],
            check=True,
        )
        command = str(environment / "bin" / "mockface")
        _wants(folder, f"mockface, version {version()}", command, "--version")
        _wants(folder, NAME_MISMATCH, command, "id", "-5803")
        server = subprocess.Popen(
            [command, "serve", "--port", "0"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=_environment(),
        )
        with server:
            try:
                assert server.stdout is not None
                url = server.stdout.readline().split()[2]
                _wants(folder, "-5803", command, "try", "-5803", "--url", url)
            finally:
                server.terminate()
        if server.returncode != 0:
            raise SystemExit(f"the server ended with {server.returncode}")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MOCKFACE_", "PYTHONPATH"))}
    return {**kept, "PYTHONUNBUFFERED": "1"}


def _wants(folder: str, text: str, *command: str) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=_environment(), timeout=60
    )
    if done.returncode != 0 or text not in done.stdout:
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode} and not with {text}:\n{done.stdout}{done.stderr}"
        )


def main(words: list[str]) -> None:
    """Run what the module's text says."""
    if words[:1] == ["tag"]:
        if said := disagreements("".join(words[1:2])):
            raise SystemExit("\n".join(said))
        return
    files = sorted((TOP / "dist").iterdir())
    if len(files) != 2:
        raise SystemExit(f"dist/ has to have one sdist and one wheel, and has {[file.name for file in files]}")
    for wanted in pythons():
        python = interpreter(wanted)
        for file in files:
            if python:
                try_out(file, python)
            print(f"Python {wanted}: {file.name if python else 'not at hand, not tried'}", flush=True)
            if not python:
                break


if __name__ == "__main__":
    main(sys.argv[1:])
