"""The run: a server in a process of its own, clients in threads, samples of what the server holds.

How long and how many go in; samples, counts of actions and what went wrong come out. What the clients do is in
`actions.py`, what is judged in `watch.py`.
"""

from __future__ import annotations

import random
import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from mockface.network.client import Client
from soak import watch
from soak.actions import ACTIONS, OWN_NUMBER, Visitor, Wrong
from tests.conftest import Server, start

FLAGS = ("--head-seconds", "2", "--body-seconds", "2", "--idle-seconds", "30")
"""Half requests are to be met often; all else is as it is by default."""
REWRITE_SECONDS = 2.0
SETTLE_SECONDS = 3.0
_WRONG_LIMIT = 20
_BROKEN_FILE = "scenarios: { half a"


@dataclass
class Run:
    """What a run found. `wrong` are answers that must not be; a run ends early after so many of them."""

    samples: list[watch.Sample] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    calls: int = 0
    reloads: int = 0
    start: watch.Sample = watch.NOTHING
    rest: watch.Sample = watch.NOTHING


def soak(seconds: float, clients: int, seed: int) -> Run:
    """Load a server of its own for so many seconds, with so many clients at a time."""
    run, over = Run(), threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "own.yaml")
        _write(file, 61)
        server = start("--scenarios", str(file), *FLAGS)
        # The framework behind the API is imported when it is first asked for: that is no growth under load.
        Client(server.url).get("/_mockface/scenarios")
        began = time.monotonic()
        run.start = watch.sample(server.process.pid, began)
        chances = [random.Random(seed + client) for client in range(clients)]
        work: list[Callable[[], None]] = [partial(_visit, server, chance, run, over) for chance in chances]
        work += [partial(_rewrite, file, over), partial(_read_events_slowly, server, run, over)]
        with _side_by_side(work, over):
            _sample_until(server, run, began, seconds, over)
        time.sleep(SETTLE_SECONDS)
        run.rest = watch.sample(server.process.pid, began)
        _count(server, run)
        if server.stop() != 0:
            run.wrong.append("the server did not end with 0")
        run.wrong += [line for line in server.lines if "bug in mockface" in line or "Traceback" in line][:_WRONG_LIMIT]
    return run


@contextmanager
def _side_by_side(work: list[Callable[[], None]], over: threading.Event) -> Iterator[None]:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _visit(server: Server, chance: random.Random, run: Run, over: threading.Event) -> None:
    visitor = Visitor(server, chance, over.is_set)
    while not over.is_set():
        (deed,) = chance.choices(list(ACTIONS), list(ACTIONS.values()))
        try:
            deed(visitor)
        except Wrong as wrong:
            run.wrong.append(f"{deed.__name__}: {wrong}")
        except Exception as fault:
            run.wrong.append(f"{deed.__name__}: {type(fault).__name__}: {fault}")
        run.done[deed.__name__] += 1


def _sample_until(server: Server, run: Run, began: float, seconds: float, over: threading.Event) -> None:
    pause = min(1.0, seconds / 50)
    while time.monotonic() - began < seconds and len(run.wrong) < _WRONG_LIMIT:
        time.sleep(pause)
        if server.process.poll() is not None:
            run.wrong.append(f"the server ended with {server.process.returncode}")
            over.set()
            return
        # What it printed was for the judgement of its last lines; a long run need not hold all of it.
        del server.lines[:-1000]
        run.samples.append(watch.sample(server.process.pid, began))


def _rewrite(file: Path, over: threading.Event) -> None:
    """Write the scenario file anew now and then: another answer, or half a file, which must not be taken over."""
    turn = 0
    while not over.wait(REWRITE_SECONDS):
        turn += 1
        if turn % 5 == 4:
            file.write_text(_BROKEN_FILE, encoding="utf-8")
        else:
            _write(file, 61 + turn % 2)


def _write(file: Path, similarity: int) -> None:
    file.write_text(f'scenarios: {{ "{OWN_NUMBER}": {{ similarity: {similarity} }} }}\n', encoding="utf-8")


def _read_events_slowly(server: Server, run: Run, over: threading.Event) -> None:
    """A reader of the event stream that takes far less than comes; it comes anew every ten seconds."""
    while not over.is_set():
        with socket.create_connection(("127.0.0.1", server.port), 10) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            one.sendall(b"GET /_mockface/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            if not one.recv(100).startswith(b"HTTP/1.1 200"):
                run.wrong.append("the event stream did not begin with 200")
            until = time.monotonic() + 10
            while not over.wait(0.25) and time.monotonic() < until:
                # A reader that takes nothing for --body-seconds is let go: that is right.
                try:
                    if not one.recv(2048):
                        break
                except OSError:
                    break
        run.done["read_events_slowly"] += 1


def _count(server: Server, run: Run) -> None:
    """How many calls the server counted, and how often it took the file over."""
    reply = Client(server.url).send("GET", "/_mockface/metrics", None, {})
    for line in reply.body.decode().splitlines():
        name, _, value = line.rpartition(" ")
        if name.startswith("mockface_calls_total"):
            run.calls += int(float(value))
        elif name == "mockface_reloads_total":
            run.reloads = int(float(value))
