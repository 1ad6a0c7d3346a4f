"""One server a port: who serves listens, and who cannot listen says so and ends before it says anything else."""

import json
import socket
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest

from mockface.errors import CannotListen
from mockface.settings import Settings
from mockface.web.serving.run import listen
from tests.conftest import CLEAN_ENVIRONMENT
from tests.protocol.wire import exchange, request

ROUNDS = 6


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def started(folder, name, *flags):
    """A server that starts, its standard error in a file."""
    command = [sys.executable, "-m", "mockface", *flags, "--ready-file", str(folder / f"{name}.json")]
    with (folder / f"{name}.out").open("wb") as out:
        return subprocess.Popen(command, env=CLEAN_ENVIRONMENT, stdout=out, stderr=out)


def one_of(processes, folder, deadline):
    """Which of them serves: it is the only one with a ready file, and the other has ended."""
    while time.monotonic() < deadline:
        ended = [name for name, process in processes.items() if process.poll() is not None]
        ready = [name for name in processes if (folder / f"{name}.json").exists()]
        if ended and ready:
            return ready, ended
        time.sleep(0.01)
    raise AssertionError("no server, or both, after the deadline")


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("flag", ["--port", "--tls-port"])
def test_of_two_servers_that_start_at_once_on_one_port_exactly_one_serves(tmp_path, flag):
    rounds = ROUNDS if flag == "--port" else 2
    for number in range(rounds):
        folder = tmp_path / str(number)
        folder.mkdir()
        more = ["--tls", "auto", "--port", "0"] if flag == "--tls-port" else []
        flags = [flag, str(free_port()), *more]
        with ExitStack() as stack:
            processes = {name: started(folder, name, *flags) for name in ("one", "other")}
            for process in processes.values():
                stack.callback(process.wait, 10)
                stack.callback(process.terminate)
            ready, ended = one_of(processes, folder, time.monotonic() + 30)
            assert (len(ready), len(ended)) == (1, 1)
            assert ready != ended
            assert processes[ended[0]].returncode == 2
            said = (folder / f"{ended[0]}.out").read_text(encoding="utf-8")
            assert said.startswith("mockface: cannot listen on 127.0.0.1:")
            assert f"{flag} 0 selects a free port" in said
            assert "serves" not in said
            told = json.loads((folder / f"{ready[0]}.json").read_text(encoding="utf-8"))
            with socket.create_connection(("127.0.0.1", int(told["url"].rpartition(":")[2])), 10) as wire:
                wire.sendall(request())
                assert b'"code":0' in wire.recv(65536)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::1"])
def test_a_port_that_is_had_is_had_alone_before_a_loop_runs(host):
    try:
        first = listen(Settings(host=host, port=0))
    except CannotListen:
        pytest.skip(f"this machine has no {host}")
    with first:
        port = first.getsockname()[1]
        with pytest.raises(CannotListen, match=rf"cannot listen on {host}:{port}: Address already in use"):
            listen(Settings(host=host, port=port))
    listen(Settings(host=host, port=port)).close()


def test_a_server_that_starts_beside_a_socket_that_is_only_bound_listens_and_the_other_cannot(launch):
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", 0))
        server = launch("--port", str(bound.getsockname()[1]))
        with pytest.raises(OSError, match="in use"):
            bound.listen()
    assert exchange(server, request()).code == 0
