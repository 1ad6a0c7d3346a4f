"""An event loop for one coroutine, also where the browser's tests have left theirs running in the main thread."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """What `asyncio.run` gives, from a thread of its own: Playwright keeps a running loop for the whole session."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, main).result()
