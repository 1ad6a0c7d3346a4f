"""The test handle: how soon it is up, and what the steps of one test cost. Nothing where a checkout has no handle.

`measure` runs this file as a program, `python handle.py ROUNDS STARTED_AT`, with the checkout's Python: only there is
`mockface.testing` imported. It prints lists of milliseconds as JSON, or `null`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any


def measure(checkout: Any, *, rounds: int) -> dict[str, list[float]] | None:
    """So many processes that start a handle; the last of them also starts handles again and runs the steps."""
    found: dict[str, list[float]] = {"handle-up": []}
    for _ in range(rounds):
        line = checkout.pinned(checkout.python, str(Path(__file__)), "200", str(time.time()))
        printed = subprocess.run(
            line, check=True, capture_output=True, text=True, env=checkout.whole_environment
        ).stdout
        told = json.loads(printed)
        if told is None:
            return None
        found = {**told, "handle-up": found["handle-up"] + told["handle-up"]}
    return found


def main(rounds: int, started_at: float) -> None:
    """Measure and print."""
    try:
        from mockface.testing import Mockface
    except ImportError:
        print("null")
        return
    with Mockface():
        first = (time.time() - started_at) * 1000
    again = []
    for _ in range(rounds // 10):
        began = time.perf_counter()
        with Mockface():
            again.append((time.perf_counter() - began) * 1000)
    with Mockface() as mockface:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        steps = [_one_test(mockface, opener) for _ in range(rounds)]
    print(json.dumps({"handle-up": [first], "handle-again": again, "handle-steps": steps}))


def _one_test(mockface: Any, opener: urllib.request.OpenerDirector) -> float:
    """Add a person, make a call for them, verify that it came, reset: milliseconds, the client's own among them."""
    began = time.perf_counter()
    person = mockface.add(code=-5803)
    fields = {
        "appid": mockface.credentials.appid, "idcard_number": person.idcard_number, "idcard_name": "张三",
        "url": "http://example.com/face.jpg",
    }  # fmt: skip
    head = {"Content-Type": "application/json", "Authorization": mockface.sign()}
    call = urllib.request.Request(f"{mockface.url}/face/idcardcompare", json.dumps(fields).encode(), head)
    try:
        opener.open(call).close()
    except urllib.error.HTTPError as refused:
        refused.close()
    mockface.verify(person, code=-5803)
    mockface.reset()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
