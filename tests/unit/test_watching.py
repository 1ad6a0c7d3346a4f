"""Two looks at watched files differ if, and only if, something changed that a start would notice."""

import os
import socket
import sys
import time

import pytest

from mockface.control.watching import RECENT_SECONDS, Watched

links = pytest.mark.skipif(sys.platform == "win32", reason="Windows lets only administrators make links")
LONG_AGO = time.time() - 3600


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "team"
    (folder / "deep").mkdir(parents=True)
    for name in ("a.yaml", "b.yml", "deep/c.yaml"):
        (folder / name).write_text("scenarios: {}\n", encoding="utf-8")
    return folder


@pytest.fixture
def differs(folder):
    """Does something to the folder; whether the look at it differs afterwards."""
    watched = Watched([folder])

    def differs(change):
        before = watched.look()
        assert watched.look() == before
        change(folder)
        after = watched.look()
        assert watched.look() == after
        return after != before

    return differs


def rewritten_within_its_time(folder):
    file = folder / "a.yaml"
    told = file.stat()
    file.write_text("scenarios: []\n", encoding="utf-8")
    os.utime(file, ns=(told.st_atime_ns, told.st_mtime_ns))


def replaced_by_an_older_one(folder):
    new = folder / "new"
    new.write_text("scenarios: []\n", encoding="utf-8")
    os.utime(new, (LONG_AGO, LONG_AGO))
    new.replace(folder / "a.yaml")


def a_socket(folder):
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(folder / "d.yaml"))


CHANGES = {
    "content of the same size and time": rewritten_within_its_time,
    "another file in its place": replaced_by_an_older_one,
    "a file more": lambda folder: (folder / "deep" / "d.yaml").touch(),
    "a file fewer": lambda folder: (folder / "deep" / "c.yaml").unlink(),
    "a file in capitals": lambda folder: (folder / "D.YAML").touch(),
    "a dead link": lambda folder: (folder / "d.yaml").symlink_to("nowhere"),
    "a link to itself": lambda folder: (folder / "d.yaml").symlink_to("d.yaml"),
    "a link whose target has too long a name": lambda folder: (folder / "d.yaml").symlink_to("x" * 300),
    "a link out of the folder": lambda folder: (folder / "d.yaml").symlink_to(__file__),
    "a pipe": lambda folder: os.mkfifo(folder / "d.yaml"),
    "a socket": a_socket,
    "rights": lambda folder: (folder / "a.yaml").chmod(0),
    "no folder": lambda folder: folder.rename(folder.with_name("gone")),
}
NO_CHANGES = {
    "nothing": lambda folder: None,
    "a file that was read": lambda folder: (folder / "a.yaml").read_bytes(),
    "a file of another kind": lambda folder: (folder / "a.yaml.swp").touch(),
    "a file with a dot": lambda folder: (folder / ".d.yaml").touch(),
    "an empty folder": lambda folder: (folder / "empty").mkdir(),
}


@links
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(differs, change):
    assert differs(CHANGES[change])


@pytest.mark.parametrize("change", NO_CHANGES)
def test_what_is_no_change_is_not_seen(differs, change):
    assert not differs(NO_CHANGES[change])


def test_a_file_that_changes_twice_in_one_tick_of_the_file_system_is_seen(folder):
    """Some of these pairs of changes have the same time, where times are coarser than a look is quick."""
    file = folder / "a.yaml"
    watched = Watched([file])
    for number in range(100, 500):
        before = watched.look()
        file.write_text(str(number), encoding="utf-8")
        assert watched.look() != before


@pytest.mark.long
def test_a_file_that_is_no_longer_recent_looks_as_before(folder):
    file = folder / "a.yaml"
    watched = Watched([file])
    before = watched.look()
    time.sleep(RECENT_SECONDS + 0.1)
    assert watched.look() == before


@pytest.mark.parametrize("name", ["missing", "x" * 300, "a\0b", "a.yaml/b"])
def test_a_path_that_cannot_be_looked_at_is_a_look_too(folder, name):
    watched = Watched([folder / name])
    assert watched.look() == watched.look()
    assert len(watched.look()) == 1
