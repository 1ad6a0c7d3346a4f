"""The folder that a container mounts scenario files at: read, or told why not, and never passed over in silence."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mockface.errors import ScenarioMistakes
from mockface.testing import Mockface
from mockface.testing.server.own import OwnServer
from tests.conftest import CLEAN_ENVIRONMENT

pytestmark = pytest.mark.thorough

NUMBER = "110110199907010018"
TEAM = f'scenarios: {{ "{NUMBER}": {{ similarity: 92.5 }} }}\n'
ANOTHER_USER = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
needs_another_user = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="to be refused by a folder's mode takes another user, and to become one takes root and setpriv",
)


@pytest.fixture
def folder(tmp_path_factory):
    """A folder that other users may enter, with the package on a path that they may read."""
    made = Path(tmp_path_factory.mktemp("mount"))
    for above in (made, *made.parents):
        if above.stat().st_uid == os.geteuid() and above.is_relative_to(made.parents[2]):
            above.chmod(0o755)
    return made


def told(mount, *, as_another=False):
    """Exit status (None: it served) and the log of a server with this mount."""
    command = [*(ANOTHER_USER if as_another else []), sys.executable, "-m", "mockface", "serve", "--port", "0"]
    process = subprocess.Popen(
        command, env={**CLEAN_ENVIRONMENT, "MOCKFACE_SCENARIOS_MOUNT": str(mount), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    served = process.stdout.readline().startswith("mockface serves ")
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    assert "Traceback" not in said
    return (None if served else process.returncode), said


@needs_another_user
@pytest.mark.parametrize("what", ["the mount", "a folder above it", "a file in it", "a folder in it"])
def test_a_mount_that_may_not_be_read_is_refused_with_its_path(folder, what):
    mount = folder / "above" / "scenarios"
    (mount / "sub").mkdir(parents=True)
    (mount / "sub" / "team.yaml").write_text(TEAM, encoding="utf-8")
    shut = {
        "the mount": mount, "a folder above it": mount.parent, "a folder in it": mount / "sub",
        "a file in it": mount / "sub" / "team.yaml",
    }[what]  # fmt: skip
    shut.chmod(0o700 if shut.is_dir() else 0o600)
    status, said = told(mount, as_another=True)
    assert status == 2, said
    assert "Permission denied" in said
    assert str(mount if what == "a folder above it" else shut) in said


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda mount: mount.symlink_to(mount.parent / "none"), "the target of this link does not exist"),
        (os.mkfifo, "this is a named pipe"),
        (lambda mount: mount.write_text("scenarios: 1\n", encoding="utf-8"), "scenarios"),
    ],
)
def test_a_mount_that_cannot_be_used_is_refused(tmp_path, make, said):
    mount = tmp_path / "scenarios"
    make(mount)
    status, text = told(mount)
    assert (status, said in text) == (2, True), text


def test_a_mount_whose_name_is_too_long_is_refused():
    status, text = told("a" * 300)
    assert (status, "this cannot be accessed: File name too long" in text) == (2, True), text


def test_a_single_file_that_is_mounted_in_place_of_the_folder_is_read(tmp_path):
    mount = tmp_path / "scenarios"
    mount.write_text(TEAM, encoding="utf-8")
    with Mockface(scenarios_mount=mount) as m:
        assert isinstance(m._running, OwnServer)
        assert m._running._app.emulator.scenarios.find(NUMBER) is not None


@pytest.mark.parametrize(
    ("names", "warning"),
    [
        ((), None),
        ((".gitkeep", "..data"), None),
        (("team.json",), "this folder has no .yaml or .yml file, but team.json"),
        (("a.txt", "b.txt", "c.txt", "d.txt"), "but a.txt, b.txt, c.txt, …"),
        (None, "there is no such file or folder; it is read when it appears"),
    ],
)
def test_a_mount_that_gives_no_scenario_is_warned_of_unless_it_is_empty(tmp_path, names, warning):
    mount = tmp_path / "scenarios"
    if names is not None:
        mount.mkdir()
        for name in names:
            (mount / name).touch()
    status, said = told(mount)
    assert status is None
    messages = [json.loads(line)["message"] for line in said.splitlines()]
    if warning is None:
        assert messages == []
    else:
        assert messages[0].startswith(f"{mount}: warning: ")
        assert warning in messages[0]


def test_a_mount_that_cannot_be_used_is_raised_by_a_handle_too(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "none")
    with pytest.raises(ScenarioMistakes, match="target of this link does not exist"):
        Mockface(scenarios_mount=tmp_path / "link").start()
