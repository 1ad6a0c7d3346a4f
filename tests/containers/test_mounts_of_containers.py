"""Scenario files that are mounted into a running container, and changed there."""

import time

import pytest

from tests.containers.engine import call

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
NUMBER = "110110199907010018"


def scenario(similarity):
    return f'scenarios: {{ "{NUMBER}": {{ similarity: {similarity} }} }}\n'


@pytest.fixture
def folder(tmp_path):
    """A folder that the container's user may read."""
    made = tmp_path / "mount"
    made.mkdir()
    made.chmod(0o755)
    return made


def serving(run, folder):
    one = run("--read-only", "--publish", "127.0.0.1::8641", "--volume", f"{folder}:/scenarios:ro")
    one.wait()
    return one.url()


def becomes(url, similarity):
    """Whether calls are answered so, now or within half a minute."""
    deadline = time.monotonic() + 30
    while (got := call(url, idcard_number=NUMBER)["data"]["similarity"]) != similarity:
        assert time.monotonic() < deadline, f"still {got}"
    return True


def test_a_mounted_folder_is_read_and_a_file_that_an_editor_replaces_is_read_again(run, folder):
    file = folder / "team.yaml"
    file.write_text(scenario(92.5), encoding="utf-8")
    url = serving(run, folder)
    assert call(url, idcard_number=NUMBER)["data"]["similarity"] == 92.5
    (folder / "saving").write_text(scenario(31.5), encoding="utf-8")
    (folder / "saving").rename(file)
    assert becomes(url, 31.5)


def test_an_empty_mount_is_not_missed_and_what_is_added_to_it_is_read(run, folder):
    url = serving(run, folder)
    assert call(url, idcard_number=NUMBER)["data"]["similarity"] != 31.5
    (folder / "team.yaml").write_text(scenario(31.5), encoding="utf-8")
    assert becomes(url, 31.5)


def test_a_configmap_is_read_and_followed_when_its_link_is_swapped(run, folder):
    """As Kubernetes mounts it: team.yaml -> ..data/team.yaml, ..data -> a folder for each version, swapped by a rename."""

    def version(name, similarity):
        (folder / name).mkdir()
        (folder / name / "team.yaml").write_text(scenario(similarity), encoding="utf-8")
        (folder / "..data_tmp").symlink_to(name)
        (folder / "..data_tmp").rename(folder / "..data")

    version("..2026_11_28_1", 92.5)
    (folder / "team.yaml").symlink_to("..data/team.yaml")
    url = serving(run, folder)
    assert call(url, idcard_number=NUMBER)["data"]["similarity"] == 92.5
    version("..2026_11_28_2", 31.5)
    assert becomes(url, 31.5)
