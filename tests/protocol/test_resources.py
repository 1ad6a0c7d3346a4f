"""Memory, file descriptors and disks: bounded by design, and what runs out does not end the service."""

import resource
import selectors
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import CLEAN_ENVIRONMENT, start
from tests.making import MULTIPART_TYPE, json_body
from tests.protocol.test_limits import LIMIT, body_of
from tests.protocol.wire import Wire, exchange, request

pytestmark = pytest.mark.paced
MIB = 1024 * 1024


def resident_bytes(server):
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="the system has no /proc to ask for memory"
)


def send_all_at_once(server, contents):
    """Send each on a connection of its own, all of them side by side; the answers' codes, and the most memory seen."""
    waiting = selectors.DefaultSelector()
    answers, most = [], 0
    for content in contents:
        one = socket.create_connection(("127.0.0.1", server.port), 10)
        one.setblocking(False)
        waiting.register(one, selectors.EVENT_READ | selectors.EVENT_WRITE, [memoryview(content), b""])
    deadline = time.monotonic() + 60
    while waiting.get_map() and time.monotonic() < deadline:
        for key, event in waiting.select(1):
            open_, state = key.fileobj, key.data
            assert isinstance(open_, socket.socket)
            if event & selectors.EVENT_WRITE:
                state[0] = state[0][open_.send(state[0][:65536]) :]
                if not state[0]:
                    waiting.modify(open_, selectors.EVENT_READ, state)
            if event & selectors.EVENT_READ:
                state[1] += open_.recv(65536)
                if state[1].endswith(b"}"):
                    answers.append(state[1])
                    waiting.unregister(open_)
                    open_.close()
        most = max(most, resident_bytes(server))
    assert not waiting.get_map(), "not all were answered"
    return answers, most


def base64_json(size):
    frame = len(json_body(image=""))
    return json_body(image="/9j/" + "A" * ((size - frame - 4) // 4 * 4))


@pytest.mark.long
@needs_proc
@pytest.mark.parametrize("form", ["multipart", "json"])
def test_64_uploads_of_6_mb_at_once_raise_the_memory_by_less_than_64_mib(launch, form):
    server = launch()
    body, kind = (body_of(LIMIT), MULTIPART_TYPE) if form == "multipart" else (base64_json(LIMIT), b"application/json")
    upload = request(body, content_type=kind)
    exchange(server, request())
    before = resident_bytes(server)
    answers, most = send_all_at_once(server, [upload] * 64)
    assert all(b'"code":0' in answer for answer in answers)
    assert most - before < 64 * MIB, f"{(most - before) / MIB:.1f} MiB more"


@needs_proc
def test_an_announced_body_of_64_mib_is_refused_without_holding_any_of_it(launch):
    server = launch()
    exchange(server, request())
    before = resident_bytes(server)
    replies = [exchange(server, request(b"", length=64 * MIB)) for _ in range(20)]
    assert {reply.code for reply in replies} == {23}
    assert resident_bytes(server) - before < 2 * MIB


@needs_proc
def test_200_uploads_broken_off_leave_nothing_behind(launch):
    server = launch()
    half = request(body_of(MIB), content_type=MULTIPART_TYPE)[: MIB // 2]

    def break_off(times):
        for _ in range(times):
            with Wire(server) as wire:
                wire.send(half)
        assert exchange(server, request()).code == 0

    break_off(50)
    before = resident_bytes(server)
    break_off(200)
    assert resident_bytes(server) - before < 8 * MIB


def test_1000_idle_connections_do_not_keep_a_call_waiting(launch):
    server = launch()
    with ExitStack() as idle:
        for number in range(1000):
            one = idle.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
            if number % 2:
                one.sendall(request()[:30])
        began = time.monotonic()
        assert exchange(server, request()).code == 0
        assert time.monotonic() - began < 3


@pytest.mark.own_connection
def test_the_longest_idle_connection_makes_room_and_busy_ones_stay(launch):
    server = launch("--connections", "10")
    upload = request(body_of(MIB), content_type=MULTIPART_TYPE)
    with Wire(server) as busy:
        busy.send(upload[: MIB // 2])
        idle = [Wire(server) for _ in range(30)]
        assert exchange(server, request()).code == 0
        busy.send(upload[MIB // 2 :])
        assert busy.reply().code == 0
        assert idle[0].at_end()
    for wire in idle:
        wire.__exit__()


@pytest.mark.own_connection
def test_where_all_connections_are_busy_a_new_one_is_told_so(launch):
    server = launch("--connections", "2")
    half = request(body_of(MIB), content_type=MULTIPART_TYPE)[: MIB // 2]
    with Wire(server) as first, Wire(server) as second:
        first.send(half)
        second.send(half)
        time.sleep(0.2)  # the server needs a moment to have taken both; nothing that is asked of it shows that
        reply = exchange(server, request())
        assert (reply.status, reply.code) == (503, 3)
        assert "--connections" in reply.headers["x-mockface-why"]


def limited(bound):
    """A command that runs mockface with this shell limit."""
    return ["bash", "-c", f'ulimit {bound} && exec "$0" "$@"', sys.executable, "-m", "mockface"]


@pytest.mark.long
def test_with_64_file_descriptors_80_silent_clients_neither_stop_the_service_nor_flood_the_log():
    server = start(command=limited("-n 64"))
    try:
        silent = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(80)]
        for _ in range(20):
            assert exchange(server, request()).code == 0
        assert len("\n".join(server.lines)) < 50_000
        for one in silent:
            one.close()
        assert exchange(server, request()).code == 0
    finally:
        assert server.stop() == 0


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no bound on the address space")
def test_with_half_a_gib_of_address_space_uploads_are_served():
    server = start(command=limited(f"-v {512 * 1024}"))
    try:
        upload = request(body_of(LIMIT), content_type=MULTIPART_TYPE)
        answers, _ = send_all_at_once(server, [upload] * 16)
        assert all(b'"code":0' in answer for answer in answers)
        assert exchange(server, request()).code == 0
    finally:
        assert server.stop() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full to write to")
def test_a_full_disk_under_the_log_does_not_keep_it_from_serving(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mockface", "serve", "--port", str(port)]
    with Path("/dev/full").open("w") as full:
        process = subprocess.Popen(command, stdout=full, stderr=full, env=CLEAN_ENVIRONMENT, cwd=tmp_path)
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port), 5) as one:
                    one.sendall(request(authorization="") + request(b"\x00"))
                    assert b'"code":4' in one.recv(65536)
                break
            except ConnectionRefusedError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
    finally:
        process.terminate()
        assert process.wait(10) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_a_log_that_nobody_reads_does_not_keep_it_from_serving_or_stopping(tmp_path):
    command = [sys.executable, "-m", "mockface", "serve", "--port", "0", "--log-format", "json"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=CLEAN_ENVIRONMENT, text=True
    )
    assert process.stdout
    assert process.stderr
    try:
        port = int(process.stdout.readline().split()[2].rpartition(":")[2])
        bad = request(json_body(idcard_number="x" * 200), authorization="")
        with socket.create_connection(("127.0.0.1", port), 10) as one:
            for _ in range(800):
                one.sendall(bad)
                assert one.recv(65536)
        began = time.monotonic()
    finally:
        process.terminate()
    assert process.wait(10) == 0
    assert time.monotonic() - began < 3
    process.stdout.close()
    process.stderr.close()


@pytest.mark.long
def test_a_reader_that_takes_nothing_is_let_go(launch):
    server = launch("--body-seconds", "0.5", "--idle-seconds", "60")
    with socket.create_connection(("127.0.0.1", server.port), 10) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.setblocking(False)
        call = request(json_body(session_id="s" * 60_000))
        sent, deadline = 0, time.monotonic() + 20
        gone = False
        while not gone and time.monotonic() < deadline:
            try:
                sent += one.send(call[sent % len(call) :])
            except BlockingIOError:
                time.sleep(0.05)
            except (ConnectionResetError, BrokenPipeError):
                gone = True
        assert gone
    assert exchange(server, request()).code == 0
