"""Whatever is printed comes out on any encoding, and on streams that are closed, full or read by nobody."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from mockface.cli.group import main
from mockface.network import client
from tests.conftest import CLEAN_ENVIRONMENT
from tests.protocol.wire import exchange, request

MOCKFACE = (sys.executable, "-m", "mockface")
ENVIRONMENTS = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "latin-1": {"PYTHONIOENCODING": "latin-1:strict"},
    "the C locale": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
posix = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell opens and closes the streams here")


def run(*arguments, check=None, **environment):
    done = subprocess.run(
        [*MOCKFACE, *arguments], capture_output=True, env={**CLEAN_ENVIRONMENT, **environment}, check=False, timeout=60
    )
    assert b"Traceback" not in done.stderr, done.stderr
    if check is not None:
        assert done.returncode == check, done.stderr
    return done


EACH = """
import os, runpy, sys
from mockface.cli import doctor, group, offline, output, pictures, remote, serving, tls

folder, words, number = sys.argv[1], sys.argv[2:], 0
while words:
    end = words.index(";")
    arguments, words = words[:end], words[end + 1:]
    child = os.fork()
    if child == 0:
        for stream, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{folder}/{number}.{name}", os.O_WRONLY | os.O_CREAT), stream)
        sys.argv = ["mockface", *arguments]
        runpy.run_module("mockface", run_name="__main__")
        sys.exit()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    number += 1
"""
"""Runs each command in a process of its own, which is a copy of one that has imported what they all import."""


def run_each(folder, commands, **environment):
    """What `run` says of each of these commands, in a fraction of its time where a process can be copied."""
    if not hasattr(os, "fork"):
        return [run(*arguments, **environment) for arguments in commands]
    words = [word for arguments in commands for word in (*arguments, ";")]
    done = subprocess.run(
        [sys.executable, "-c", EACH, str(folder), *words], capture_output=True, check=True, timeout=100,
        env={**CLEAN_ENVIRONMENT, **environment},
    )  # fmt: skip
    ended = [
        subprocess.CompletedProcess(
            arguments, int(status), (folder / f"{number}.out").read_bytes(), (folder / f"{number}.err").read_bytes()
        )
        for number, (arguments, status) in enumerate(zip(commands, done.stdout.split(), strict=True))
    ]
    assert not any(b"Traceback" in one.stderr for one in ended), ended
    return ended


def in_shell(text, *arguments):
    """Run a command with streams that a shell makes; its exit status and what else was printed."""
    done = subprocess.run(
        ["bash", "-c", text, "bash", *MOCKFACE, *arguments], env=CLEAN_ENVIRONMENT, capture_output=True, text=True,
        encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Files whose names and texts are Chinese, one with a mistake."""
    folder = tmp_path_factory.mktemp("输出") / "张三"
    folder.mkdir()
    good = 'scenarios: { "110110199907010018": { message: 照片模糊, code: 15 } }'
    (folder / "好.yaml").write_text(good, encoding="utf-8")
    (folder / "坏.yaml").write_text("场景: 张三\n", encoding="utf-8")
    return folder


def commands(folder, url, call_id):
    """Every command, each with arguments that make it print what is not ASCII if it ever does; and its exit status."""
    return {
        "assumptions": (["--json"], 0),
        "calls": (["--no-follow", "--url", url], 0),
        "check": ([str(folder / "坏.yaml")], 2),
        "codes": ([], 0),
        "coverage": (["--url", url, "--format", "markdown"], 0),
        "doctor": (["--url", url], 0),
        "explain": (["张三"], 1),
        "health": (["--url", url], 0),
        "id": (["张三"], 2),
        "ids": ([], 0),
        "init": ([str(folder / "新.yaml")], 0),
        "keys": (["init", str(folder / "密钥")], 0),
        "reset": (["--url", url, "--clock"], 0),
        "samples": ([str(folder / "坏.yaml")], 2),
        "schema": ([], 0),
        "serve": (["--scenarios", str(folder / "坏.yaml")], 2),
        "sign": ([], 0),
        "tls": (["trust", str(folder / "没有")], 2),
        "try": (["--name", "李四", "--url", url], 0),
        "verdict": ([call_id, "--url", url], 0),
    }


def test_the_list_of_commands_is_whole():
    assert sorted(commands(Path(), "", "")) == main.list_commands(click.Context(main))


@pytest.mark.thorough
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_command_prints_in_every_encoding(name, folder, server, tmp_path):
    call_id = exchange(server, request()).headers["x-mockface-request-id"]
    (folder / "新.yaml").unlink(missing_ok=True)
    (folder / "新.schema.json").unlink(missing_ok=True)
    wanted = [([command, *given], status) for command, (given, status) in commands(folder, server.url, call_id).items()]
    if name == "ascii":
        wanted += [([command, "--help"], 0) for command in commands(folder, "", "")]
    for (arguments, status), done in zip(
        wanted, run_each(tmp_path, [arguments for arguments, _ in wanted], **ENVIRONMENTS[name]), strict=True
    ):
        assert done.returncode == status, (arguments, done.stderr)
        assert done.stdout or done.stderr
        (done.stdout + done.stderr).decode("cp1252" if name == "cp1252" else "ascii")


@pytest.mark.thorough
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_json_is_the_same_value_in_every_encoding(name):
    wanted = json.loads(run("codes", "--json", PYTHONIOENCODING="utf-8", check=0).stdout)
    assert json.loads(run("codes", "--json", check=0, **ENVIRONMENTS[name]).stdout.decode("latin-1")) == wanted


@contextmanager
def serving(tmp_path, *flags, shell='exec "$@"', **environment):
    """A server that says where it is by its ready file."""
    ready = tmp_path / "ready.json"
    command = ["bash", "-c", shell, "bash", *MOCKFACE, "serve", "--port", "0", "--ready-file", str(ready), *flags]
    with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
        process = subprocess.Popen(command, env={**CLEAN_ENVIRONMENT, **environment}, stdout=out, stderr=err)
    try:
        deadline = time.monotonic() + 20
        while not ready.exists():
            assert process.poll() is None, (tmp_path / "err").read_bytes()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield client.Client(json.loads(ready.read_text())["url"])
    finally:
        process.terminate()
        status = process.wait(10)
    assert status == 0
    assert b"Exception ignored" not in (tmp_path / "err").read_bytes()


@pytest.mark.thorough
@posix
@pytest.mark.parametrize("name", ENVIRONMENTS)
@pytest.mark.parametrize("log_format", ["json", "text"])
def test_a_server_starts_and_logs_in_every_encoding(name, log_format, folder, tmp_path):
    flags = ("--log-format", log_format, "--show-pii", "--scenarios", str(folder / "好.yaml"))
    with serving(tmp_path, *flags, **ENVIRONMENTS[name]) as server:
        assert server.call("json-url", "110110199909090909", "张三", "x").status
        assert server.get("/_mockface/health")["status"] == "ok"
    banner = (tmp_path / "out").read_bytes().decode("ascii")
    assert r'"idcard_name":"\u5f20\u4e09"' in banner  # so that the line works as it is printed
    logged = (tmp_path / "err").read_bytes().decode("ascii")
    if log_format == "json":
        assert json.loads(logged.splitlines()[0])["name"] == "张三"


CLOSED = {"closed": "{}>&-", "full": "{}>/dev/full", "read by nobody": "{}> >(exec true)"}


@pytest.mark.thorough
@posix
@pytest.mark.parametrize("how", CLOSED)
@pytest.mark.parametrize("stream", ["1", "2"])
def test_a_server_serves_and_stops_well_whatever_its_streams_are(how, stream, tmp_path):
    if how == "full" and not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("this system has no device that is always full")
    with serving(tmp_path, shell=f'exec "$@" {CLOSED[how].format(stream)}') as server:
        for _ in range(3):
            assert server.call("json-url", "110110199909090909", "张三", "x").status == 400
        assert server.get("/_mockface/health")["ready"]


@posix
@pytest.mark.parametrize(
    ("arguments", "redirected", "status"),
    [
        (["codes"], ">&-", 0),
        (["codes"], ">/dev/full", 2),
        (["id", "张三"], "2>&-", 2),
        (["id", "张三"], "2>/dev/full", 2),
        (["health", "--port", "1"], "2>&-", 1),
        (["health", "--port", "1"], "2>/dev/full", 1),
        (["health", "--port", "1"], "2> >(exec true)", 1),
        (["codes"], ">&- 2>&- <&-", 0),
    ],
)
def test_the_exit_status_of_a_command_says_the_same_whatever_its_streams_are(arguments, redirected, status):
    if "full" in redirected and not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("this system has no device that is always full")
    assert in_shell(f'"$@" {redirected}', *arguments).returncode == status


@posix
def test_a_reader_that_has_read_enough_gets_no_diagnostic():
    done = in_shell('"$@" | head -n 1', "codes")
    assert done.stdout.startswith("idcardcompare")
    assert done.stderr == ""
