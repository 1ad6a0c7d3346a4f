"""Real containers for the tests: podman, and the image that the Dockerfile makes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest

from tests.containers.engine import BASE, Container, build, podman

Run = Callable[..., Container]
"""Options of podman; `command` is what follows the image."""


def _why_not() -> str:
    """What is missing here to run containers, or nothing."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "containers take root here: to give them ports below 1024 and to look into their volumes"
    if shutil.which("podman") is None:
        return "podman is not installed here"
    if podman("image", "exists", BASE, check=False).returncode != 0:
        return f"the image {BASE} is not here: tests/containers/base gets or makes it"
    return ""


@pytest.fixture(scope="session")
def image() -> str:
    """The image, built from this checkout; skipped where containers cannot run, or failed where all is demanded."""
    if why := _why_not():
        if os.environ.get("TEST_ALL_CLIENTS"):
            pytest.fail(f"{why}, and TEST_ALL_CLIENTS demands it")
        pytest.skip(why)
    return build()


@pytest.fixture
def run(image: str) -> Iterator[Run]:
    """Start containers of the image with options of the test's own; they are removed behind it."""
    started: list[Container] = []

    def with_options(*options: str, command: tuple[str, ...] = ()) -> Container:
        started.append(Container.start(image, *options, command=command))
        return started[-1]

    yield with_options
    for one in started:
        one.remove()


@pytest.fixture(scope="module")
def serving(image: str) -> Iterator[Container]:
    """One container that serves, read-only and without a single capability, for tests that change nothing in it."""
    one = Container.start(image, "--read-only", "--cap-drop", "ALL", "--publish", "127.0.0.1::8641")
    try:
        one.wait()
        yield one
    finally:
        one.remove()
