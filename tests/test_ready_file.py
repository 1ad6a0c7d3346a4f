"""`--ready-file`: there while a server listens, whole, and gone behind it."""

import json
import os
import subprocess
import sys
import time

import pytest

from mockface.network import client
from tests.conftest import CLEAN_ENVIRONMENT, start
from tests.test_cli import run


def wait_for(file, process):
    """What a test runner does: start, wait for the file, read it."""
    deadline = time.monotonic() + 20
    while not file.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.thorough
def test_it_names_url_admin_url_and_pid_of_a_server_that_answers_at_once(tmp_path):
    file = tmp_path / "ready.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "mockface", "--port", "0", "--ready-file", str(file)], env=CLEAN_ENVIRONMENT,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    with process:
        told = wait_for(file, process)
        assert set(told) == {"url", "admin_url", "pid"}
        assert told["pid"] == process.pid
        assert told["admin_url"] == f"{told['url']}/_mockface/"
        assert client.Client(told["url"]).get("/_mockface/health")["ready"]
        assert file.read_text(encoding="utf-8").count("\n") == 1
        process.terminate()
        assert process.wait(10) == 0
    assert list(tmp_path.iterdir()) == []


def test_one_that_an_earlier_server_left_behind_is_never_taken_for_this_ones(tmp_path):
    file = tmp_path / "ready.json"
    file.write_text('{"url": "http://127.0.0.1:9"}\n', encoding="utf-8")
    server = start("--ready-file", str(file))
    deadline = time.monotonic() + 10
    while not file.exists():
        assert time.monotonic() < deadline
    assert json.loads(file.read_text(encoding="utf-8"))["url"] == server.url
    assert server.stop() == 0
    assert not file.exists()


@pytest.mark.thorough
def test_one_that_another_server_wrote_meanwhile_stays(tmp_path):
    file = tmp_path / "ready.json"
    first = start("--ready-file", str(file))
    second = start("--ready-file", str(file))
    assert first.stop() == 0
    deadline = time.monotonic() + 10
    while not file.exists():
        assert time.monotonic() < deadline
    assert json.loads(file.read_text(encoding="utf-8"))["url"] == second.url
    assert second.stop() == 0


def test_a_place_where_nothing_can_be_written_is_named_before_anything_is_served(tmp_path):
    done = run("serve", "--port", "0", "--ready-file", str(tmp_path / "none" / "ready.json"))
    assert done.returncode == 2
    assert done.stderr.startswith(f"mockface: --ready-file {tmp_path}/none/ready.json: No such file or directory; ")
    assert "Traceback" not in done.stderr


@pytest.mark.thorough
@pytest.mark.parametrize("replaced", ["folder", "link", "pipe", "bytes", "of another user", "gone with its folder"])
def test_one_that_somebody_replaced_stays_and_the_server_ends_well(tmp_path, replaced):
    folder = tmp_path / "run"
    folder.mkdir()
    file = folder / "ready.json"
    server = start("--ready-file", str(file))
    deadline = time.monotonic() + 10
    while not file.exists():
        assert time.monotonic() < deadline
    own = file.read_bytes()
    file.unlink()
    if replaced == "folder":
        file.mkdir()
    elif replaced == "link":
        (tmp_path / "kept").write_bytes(own)
        file.symlink_to(tmp_path / "kept")
    elif replaced == "pipe":
        os.mkfifo(file)
    elif replaced == "bytes":
        file.write_bytes(b"\xff\xfe")
    elif replaced == "of another user":
        file.write_text("theirs", encoding="utf-8")
        file.chmod(0)
    else:
        folder.rmdir()
    assert server.stop() == 0
    assert "Traceback" not in "\n".join(server.lines)
    assert os.path.lexists(file) is (replaced != "gone with its folder")


@pytest.mark.thorough
@pytest.mark.parametrize("there", ["folder", "link", "pipe"])
def test_a_path_where_something_other_than_a_file_is_is_refused_and_left_alone(tmp_path, there):
    """As root, /dev/null would have gone."""
    path = tmp_path / "there"
    {"folder": path.mkdir, "link": lambda: path.symlink_to(tmp_path / "to"), "pipe": lambda: os.mkfifo(path)}[there]()
    before = path.lstat()
    done = run("serve", "--port", "0", "--ready-file", str(path))
    assert done.returncode == 2
    assert done.stderr.startswith(f"mockface: --ready-file {path}: the path exists and is not a file; expected")
    assert path.lstat().st_ino == before.st_ino
