"""Which files a path means: folders as Kubernetes and editors leave them, links, and what is no file."""

import os
import socket
import sys
from pathlib import Path

import pytest

from mockface.scenariofiles import reader
from mockface.scenariofiles.files import files_in

N = "110110199907010018"
TEXT = f'scenarios: {{ "{N}": {{ similarity: 1 }} }}\n'
links = pytest.mark.skipif(sys.platform == "win32", reason="Windows lets only administrators make links")


def names(folder):
    found, diagnostics = files_in([folder])
    assert diagnostics == []
    return [str(file.relative_to(folder)) for file in found]


def diagnostic(*paths):
    (one,) = reader.load(paths).diagnostics
    return str(one)


@pytest.fixture
def mounted(tmp_path):
    """A ConfigMap as Kubernetes mounts it."""
    folder = tmp_path / "cm"
    (folder / "..1").mkdir(parents=True)
    (folder / "..1" / "t.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "..data").symlink_to("..1")
    (folder / "t.yaml").symlink_to("..data/t.yaml")
    return folder


@links
def test_a_mounted_config_map_is_read_once(mounted):
    assert names(mounted) == ["t.yaml"]
    assert reader.load([mounted]).diagnostics == []


@links
def test_a_config_map_may_be_named_by_its_link_too(mounted):
    assert names(mounted / "..data") == ["t.yaml"]


@links
def test_an_item_of_a_config_map_in_a_sub_folder_is_read(mounted):
    for place in ("team", "team/deep", "other"):
        (mounted / "..1" / place).mkdir()
        (mounted / "..1" / place / "a.yaml").write_text(TEXT, encoding="utf-8")
    (mounted / "team").symlink_to("..data/team")
    (mounted / "other").symlink_to("..data/other")
    assert names(mounted) == ["t.yaml", "other/a.yaml", "team/a.yaml", "team/deep/a.yaml"]


@links
def test_a_file_is_read_once_however_many_links_lead_to_its_folder(tmp_path):
    for place in ("kept", "kept/deep", ".hidden/x/y"):
        (tmp_path / place).mkdir(parents=True)
    for file in ("kept/a.yaml", "kept/deep/b.yaml", ".hidden/x/y/c.yaml", ".hidden/x/d.yaml"):
        (tmp_path / file).write_text(TEXT, encoding="utf-8")
    links = {
        "a": "kept", "z": "kept/deep", "kept/up": "..", "self": ".", "loop": "loop2", "loop2": "loop",
        "one": ".hidden/x/y", "two": ".hidden/x", "twice": ".hidden/x",
    }  # fmt: skip
    for name, target in links.items():
        (tmp_path / name).symlink_to(target)
    assert sorted(names(tmp_path)) == ["kept/a.yaml", "kept/deep/b.yaml", "one/c.yaml", "two/d.yaml"] or sorted(
        names(tmp_path)
    ) == ["kept/a.yaml", "kept/deep/b.yaml", "one/c.yaml", "twice/d.yaml"]


@links
def test_a_link_to_a_folder_elsewhere_is_refused_and_nothing_behind_it_is_read(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "s.yaml").write_text("password: hunter2\n", encoding="utf-8")
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "a.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "team" / "more").symlink_to("../secret")
    told = diagnostic(tmp_path / "team")
    assert "more: this link points outside the folder; give its target as a separate path" in told
    assert "hunter2" not in told


@pytest.mark.parametrize("name", ["TEAM.YAML", "Team.Yml", "team.YML"])
def test_the_case_of_a_files_ending_does_not_matter(tmp_path, name):
    for file in ("a.yaml", name):
        (tmp_path / file).write_text(TEXT, encoding="utf-8")
    assert set(names(tmp_path)) == {"a.yaml", name}


@pytest.mark.parametrize(
    "name", ["team.yaml.txt", "team.yml.bak", "team.YAML~", "team.ymal", "team.yaml (1)", "team.yam"]
)
def test_a_file_with_a_name_that_is_nearly_right_is_passed_over_with_a_warning(tmp_path, name):
    (tmp_path / name).write_text(TEXT, encoding="utf-8")
    told = [str(one) for one in reader.load([tmp_path]).diagnostics]
    assert f"{tmp_path / name}: warning: this file is ignored: its name does not end in .yaml or .yml" in told
    assert f"{tmp_path}: this folder has no .yaml or .yml file" in told
    (tmp_path / "a.yaml").write_text(TEXT, encoding="utf-8")
    assert [one.warning for one in reader.load([tmp_path]).diagnostics] == [True]


@pytest.mark.parametrize(
    "name", ["README.md", "schema.json", "yaml", "notyaml", "photo.jpg", "yaml.txt", ".team.yaml.swp"]
)
def test_a_file_that_nobody_takes_for_yaml_is_passed_over_in_silence(tmp_path, name):
    (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.yaml").write_text(TEXT, encoding="utf-8")
    assert names(tmp_path) == ["a.yaml"]


def test_what_begins_with_a_dot_below_a_folder_is_not_read(tmp_path):
    for name in (".a.yaml", ".git/b.yaml", "deep/.hidden/c.yml", "deep/d.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert names(tmp_path) == ["deep/d.yml"]


def test_a_folder_that_begins_with_a_dot_is_read_if_it_is_named(tmp_path):
    folder = tmp_path / ".mockface"
    folder.mkdir()
    (folder / "a.yaml").write_text(TEXT, encoding="utf-8")
    assert names(folder) == ["a.yaml"]


@links
def test_a_link_that_leads_out_of_its_folder_is_refused_and_shows_nothing_of_what_it_leads_to(tmp_path):
    (tmp_path / "secret").write_text("password: hunter2\n", encoding="utf-8")
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "a.yaml").symlink_to("../secret")
    told = diagnostic(tmp_path / "team")
    assert "a.yaml: this link points outside the folder" in told
    assert "hunter2" not in told
    assert "password" not in told


@links
def test_a_link_within_its_folder_is_followed(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "plain.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.yaml").symlink_to("kept/plain.txt")
    assert names(tmp_path) == ["a.yaml"]


@links
def test_a_link_to_nothing_and_one_to_itself_are_named(tmp_path):
    (tmp_path / "a.yaml").symlink_to("gone.yaml")
    assert "a.yaml: the target of this link does not exist" in diagnostic(tmp_path)
    (tmp_path / "a.yaml").unlink()
    (tmp_path / "a.yaml").symlink_to("a.yaml")
    assert "a.yaml: the target of this link does not exist" in diagnostic(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_named_and_not_waited_for_alone_and_in_a_folder(tmp_path):
    os.mkfifo(tmp_path / "p.yaml")
    for path in (tmp_path, tmp_path / "p.yaml"):
        assert "p.yaml: this is a named pipe; expected a file" in diagnostic(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_device_and_a_socket_are_named(tmp_path):
    assert "/dev/null: this is a device; expected a file" in diagnostic("/dev/null")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "s.yaml"))
        assert "s.yaml: this is a socket; expected a file" in diagnostic(tmp_path)


def test_a_folder_named_like_a_file_is_looked_into_and_a_path_below_a_file_is_no_file(tmp_path):
    (tmp_path / "a.yaml").mkdir()
    (tmp_path / "a.yaml" / "b.yaml").write_text(TEXT, encoding="utf-8")
    assert names(tmp_path) == [str(Path("a.yaml", "b.yaml"))]
    assert "there is no such file or folder" in diagnostic(tmp_path / "a.yaml" / "b.yaml" / "c.yaml")


def test_a_name_that_no_system_takes_is_named(tmp_path):
    assert "cannot be accessed" in diagnostic(tmp_path / ("x" * 5000))


def test_a_folder_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    # The test may run as root, who may read everything: the system's refusal is made.
    real = os.scandir

    def refusing(path):
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    (tmp_path / "shut").mkdir()
    (tmp_path / "a.yaml").write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(os, "scandir", refusing)
    assert "shut: this folder cannot be read: Permission denied" in diagnostic(tmp_path)


def test_a_file_over_the_limit_is_named_and_not_read(tmp_path):
    with (tmp_path / "big.yaml").open("wb") as sparse:
        sparse.truncate(64 * 1024**3)
    assert "split it" in diagnostic(tmp_path / "big.yaml")
