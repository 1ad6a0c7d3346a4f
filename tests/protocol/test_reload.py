"""Scenario files that change under a running server."""

import os
import re
import sys
import time
from pathlib import Path

import pytest

from mockface.network import client
from tests.making import json_body
from tests.protocol.wire import exchange, request

N, M = "110110199907010018", "110110199907010026"


def scenario(number, text):
    return f'scenarios: {{ "{number}": {{ {text} }} }}\n'


def until(so):
    deadline = time.monotonic() + 10
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Live:
    """A server with a folder of its own files."""

    def __init__(self, launch, tmp_path):
        self.folder = tmp_path / "team"
        self.folder.mkdir()
        self.file = self.folder / "team.yaml"
        self.file.write_text(scenario(N, "code: 15"), encoding="utf-8")
        self.server = launch("--scenarios", str(self.folder))
        self.api = client.Client(self.server.url)

    def code(self, number=N):
        return exchange(self.server, request(json_body(idcard_number=number))).code

    def health(self):
        return self.api.get("/_mockface/health")

    def until(self, so):
        """Wait until it is so; the seconds that took."""
        began = time.monotonic()
        while not so():
            assert time.monotonic() - began < 10, self.health()
        return time.monotonic() - began


@pytest.fixture
def live(launch, tmp_path):
    return Live(launch, tmp_path)


@pytest.mark.long
def test_a_good_change_is_live_within_a_second_or_so(live):
    assert live.code() == 15
    live.file.write_text(scenario(N, "code: 213"), encoding="utf-8")
    assert live.until(lambda: live.code() == 213) < 2
    assert live.health()["reloads"] == 1


@pytest.mark.long
def test_a_file_that_is_replaced_as_editors_do_is_seen(live):
    swap = live.folder / "team.yaml.swp"
    swap.write_text(scenario(N, "code: 213"), encoding="utf-8")
    swap.replace(live.file)
    live.until(lambda: live.code() == 213)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets only administrators make links")
def test_a_mounted_config_map_is_followed_when_kubernetes_swaps_its_link(launch, tmp_path):
    """The kubelet writes a new folder, and renames a new link over `..data`."""
    folder = tmp_path / "cm"
    for version, text in (("..1", "code: 15"), ("..2", "code: 213")):
        (folder / version).mkdir(parents=True)
        (folder / version / "t.yaml").write_text(scenario(N, text), encoding="utf-8")
    (folder / "..data").symlink_to("..1")
    (folder / "t.yaml").symlink_to("..data/t.yaml")
    server = launch("--scenarios", str(folder))

    def code():
        return exchange(server, request(json_body(idcard_number=N))).code

    assert code() == 15
    (folder / "..data_tmp").symlink_to("..2")
    (folder / "..data_tmp").replace(folder / "..data")
    began = time.monotonic()
    while code() != 213:
        assert time.monotonic() - began < 10


@pytest.mark.long
def test_a_new_file_and_a_removed_one_are_seen(live):
    other = live.folder / "deep" / "other.yaml"
    other.parent.mkdir()
    other.write_text(scenario(M, "code: 21"), encoding="utf-8")
    live.until(lambda: live.code(M) == 21)
    other.unlink()
    live.until(lambda: live.code(M) == 0)


@pytest.mark.long
def test_a_bad_change_keeps_the_last_good_set_and_is_told_in_log_and_health(live):
    live.file.write_text(scenario(N, "cod: 213"), encoding="utf-8")
    live.until(lambda: live.health()["errors"])
    assert "team.yaml:1:38: a scenario has no field cod; did you mean code?" in live.health()["errors"][0]
    assert live.code() == 15
    live.until(lambda: any("last good set stays" in line for line in live.server.lines))
    live.file.write_text(scenario(N, "code: 213"), encoding="utf-8")
    live.until(lambda: live.code() == 213)
    assert live.health()["errors"] == []


@pytest.mark.long
def test_files_that_vanish_altogether_keep_the_last_good_set(live):
    live.file.unlink()
    live.until(lambda: live.health()["errors"])
    assert live.health()["errors"] == [f"{live.folder}: this folder has no .yaml or .yml file"]
    assert live.code() == 15


@pytest.mark.long
def test_counters_of_unchanged_numbers_survive_and_those_of_changed_ones_begin_anew(live):
    def both(second):
        story = "sequence: [{ code: 15 }, { code: 21 }, { code: 213 }]"
        return f'scenarios:\n  "{N}": {{ {story} }}\n  "{M}": {{ {second} }}\n'

    live.file.write_text(both("sequence: [{ code: 15 }, { code: 21 }]"), encoding="utf-8")
    live.until(lambda: live.health()["reloads"] == 1)
    assert (live.code(N), live.code(M)) == (15, 15)
    live.file.write_text("# moved by a line\n" + both("sequence: [{ code: 9 }, { code: 21 }]"), encoding="utf-8")
    live.until(lambda: live.health()["reloads"] == 2)
    assert (live.code(N), live.code(M)) == (21, 9)


@pytest.mark.long
def test_scenarios_of_run_time_survive_a_reload(live):
    number = live.api.post("/_mockface/scenarios", {"code": -4012})["idcard_number"]
    live.file.write_text(scenario(N, "code: 213"), encoding="utf-8")
    live.until(lambda: live.code() == 213)
    assert live.code(number) == -4012


@pytest.mark.long
def test_a_server_without_files_of_its_own_watches_nothing(launch):
    server = launch()
    assert client.Client(server.url).get("/_mockface/health")["reloads"] == 0


@pytest.mark.long
def test_a_mount_may_be_missing_or_empty_and_a_file_that_appears_on_it_is_read(launch, tmp_path):
    mount = tmp_path / "scenarios"
    server = launch("--scenarios-mount", str(mount))

    def code():
        return exchange(server, request(json_body(idcard_number=N))).code

    def wait_for(wanted):
        deadline = time.monotonic() + 10
        while code() != wanted:
            assert time.monotonic() < deadline

    assert code() == 0
    mount.mkdir()
    (mount / "team.yaml").write_text(scenario(N, "code: 213"), encoding="utf-8")
    wait_for(213)
    (mount / "team.yaml").unlink()
    wait_for(0)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets only administrators make links")
def test_a_mount_that_cannot_be_looked_at_is_told_and_watched_on(launch, tmp_path):
    """As root every folder may be read, so the name is one that no system takes."""
    mount, good = tmp_path / "scenarios", tmp_path / "good"
    good.mkdir()
    (good / "team.yaml").write_text(scenario(N, "code: 213"), encoding="utf-8")
    server = launch("--scenarios-mount", str(mount))
    api = client.Client(server.url)
    mount.symlink_to("x" * 300)
    until(lambda: api.get("/_mockface/health")["errors"] == [f"{mount}: the target of this link does not exist"])
    assert exchange(server, request(json_body(idcard_number=N))).code == 0
    mount.unlink()
    mount.symlink_to(good)
    until(lambda: exchange(server, request(json_body(idcard_number=N))).code == 213)
    assert api.get("/_mockface/health")["errors"] == []


@pytest.mark.long
def test_a_change_is_taken_over_while_files_never_settle(live):
    noise = live.folder / "noise.yaml"
    live.file.write_text(scenario(N, "code: 213"), encoding="utf-8")
    began = time.monotonic()
    while live.code() != 213:
        assert time.monotonic() - began < 10, live.health()
        noise.write_text(scenario(M, f"similarity: {int(time.monotonic() * 100) % 100}"), encoding="utf-8")
        time.sleep(0.05)


@pytest.mark.long
def test_a_change_within_the_time_and_size_of_a_file_is_live(live):
    told = live.file.stat()
    live.file.write_text(scenario(N, "code: 21"), encoding="utf-8")
    os.utime(live.file, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert live.file.stat().st_size == told.st_size
    live.until(lambda: live.code() == 21)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among its files")
@pytest.mark.parametrize("kind", ["a pipe", "a dead link"])
def test_what_the_next_start_would_refuse_is_told_while_the_server_runs(live, kind):
    odd = live.folder / "odd.yaml"
    if kind == "a pipe":
        os.mkfifo(odd)
    else:
        odd.symlink_to("nowhere")
    live.until(lambda: live.health()["errors"])
    assert re.match(rf"{re.escape(str(odd))}: (this |the target of this link )", live.health()["errors"][0])
    assert live.code() == 15
    odd.unlink()
    live.until(lambda: not live.health()["errors"])


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="times of a process are read from /proc")
def test_thousands_of_files_that_stay_as_they_are_cost_little(launch, tmp_path):
    for number in range(5000):
        (tmp_path / f"{number}.yaml").write_text("scenarios: {}\n", encoding="utf-8")
    server = launch("--scenarios", str(tmp_path))

    def worked():
        fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    time.sleep(4)  # what changed a moment ago is compared by its content as well
    before = worked()
    time.sleep(5)
    assert (worked() - before) / 5 < 0.1


def test_the_variable_of_scenarios_is_a_list_of_paths(launch, tmp_path):
    (tmp_path / "one.yaml").write_text(scenario(N, "code: 15"), encoding="utf-8")
    (tmp_path / "two.yaml").write_text(scenario(M, "code: 213"), encoding="utf-8")
    paths = os.pathsep.join(str(tmp_path / name) for name in ("one.yaml", "two.yaml"))
    command = ("env", f"MOCKFACE_SCENARIOS={paths}", sys.executable, "-m", "mockface")
    server = launch(command=command)
    codes = [exchange(server, request(json_body(idcard_number=number))).code for number in (N, M)]
    assert codes == [15, 213]
