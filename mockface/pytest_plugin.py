"""The pytest plugin: fixtures, options, the calls of a failing test in its report, and code coverage of the run.

It is loaded in every project that has mockface installed, so it imports only pytest until a test uses one of its
fixtures. Servers: one in the process (one per xdist worker), or, with --mockface-url or MOCKFACE_URL, one that runs
elsewhere and is shared by all workers.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockface.journal.coverage import Coverage
    from mockface.testing import Credentials, Mockface

_VERDICTS = 3
"""The most refused calls of a failing test that are explained; the last ones."""
_LISTED = 20
"""The most calls of a failing test that are listed; the last ones."""

# Attributes of items and of the configuration: pytest's stash needs 7.0, and older versions load the plugin too.
_HANDLE = "_mockface_handle"
_COVERAGE = "_mockface_coverage"
_BEFORE = "_mockface_coverage_before"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The command-line options and the ini settings."""
    group = parser.getgroup("mockface")
    group.addoption(
        "--mockface-url", default=os.environ.get("MOCKFACE_URL") or None, metavar="URL",
        help="Use the mockface at this URL, for all xdist workers too. [MOCKFACE_URL]",
    )  # fmt: skip
    group.addoption(
        "--mockface-token", default=os.environ.get("MOCKFACE_ADMIN_TOKEN", ""), metavar="TOKEN",
        help="Its --admin-token, needed from another machine. [MOCKFACE_ADMIN_TOKEN]",
    )  # fmt: skip
    group.addoption("--mockface-coverage", action="store_true", help="Print which codes the tests covered.")
    group.addoption(
        "--mockface-coverage-fail-under", type=float, default=None, metavar="PERCENT",
        help="Fail if the tests covered a smaller percentage of the codes.",
    )  # fmt: skip
    group.addoption(
        "--mockface-strict", action="store_true", help="Fail a test that calls a number without a scenario."
    )
    group.addoption(
        "--mockface-all-called", action="store_true", help="Fail a test that adds a person and never calls it."
    )
    parser.addini(
        "mockface_all_called", "Fail a test that adds a person and never calls it.", type="bool", default=False
    )
    parser.addini("mockface_strict", "Fail a test that calls a number without a scenario.", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers", "mockface(**settings): give the test's mockface fixture a server of its own, with these settings"
    )


def pytest_report_header(config: pytest.Config) -> str | None:
    """The server in use, if it is not one of the run's own."""
    url = config.getoption("--mockface-url")
    return f"mockface: {url}, shared" if url else None


@pytest.fixture(scope="session")
def mockface_config() -> dict[str, Any]:
    """The settings of the servers that the tests start; override it in conftest.py. Unused with --mockface-url."""
    return {}


@pytest.fixture(scope="session")
def mockface_server(request: pytest.FixtureRequest) -> Iterator[Mockface]:
    """A running mockface for the session; most tests need the fixture `mockface` instead."""
    from mockface.testing import Mockface

    url = request.config.getoption("--mockface-url")
    if url:
        # Not stopped by the session's handle: it removes what it added, the server keeps running.
        with Mockface.connect(url, request.config.getoption("--mockface-token"), workers=_workers(request.config)) as m:
            yield m
    else:
        with Mockface(**request.getfixturevalue("mockface_config")) as m:
            m.count_into(_coverage(request.config))
            yield m


@pytest.fixture(scope="session")
def _mockface_imported() -> None:
    """Imports that a handle needs later: session fixtures run before test fixtures, which may hide files (pyfakefs)."""
    import mockface.scenariofiles.reader
    import mockface.testing.server.own
    import mockface.testing.server.thread  # noqa: F401


@pytest.fixture
def mockface(request: pytest.FixtureRequest, _mockface_imported: None) -> Iterator[Mockface]:
    """A handle for one test: it sees the test's calls, and undoes the test's changes."""
    marker = request.node.get_closest_marker("mockface")
    if marker is None:
        with request.getfixturevalue("mockface_server").scope() as m:
            setattr(request.node, _HANDLE, m)
            yield m
        return
    from mockface.testing import Mockface

    if marker.args:
        raise TypeError(
            f"@pytest.mark.mockface takes settings by name, such as signature='verify'; not {marker.args[0]!r} alone"
        )
    with Mockface(**{**request.getfixturevalue("mockface_config"), **marker.kwargs}) as m:
        m.count_into(_coverage(request.config))
        setattr(request.node, _HANDLE, m)
        yield m


@pytest.fixture
def mockface_as_vendor(mockface: Mockface) -> Iterator[Mockface]:
    """The test's handle, with the vendor's host names resolved to it: for a client with a hard-coded host."""
    with mockface.as_vendor():
        yield mockface


@pytest.fixture(scope="session")
def mockface_credentials() -> Credentials:
    """The account for the client under test: appid, secret_id, secret_key, bucket."""
    from mockface.testing import Credentials

    return Credentials()


def _workers(config: pytest.Config) -> int:
    """How many processes of this run use a shared server."""
    return int(getattr(config, "workerinput", {}).get("workercount", 1))


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _coverage(config: pytest.Config) -> Coverage:
    from mockface import operations
    from mockface.journal.coverage import Coverage

    if not hasattr(config, _COVERAGE):
        setattr(config, _COVERAGE, Coverage(operations.OPERATIONS))
    found: Coverage = getattr(config, _COVERAGE)
    return found


def _is_strict(config: pytest.Config) -> bool:
    return bool(config.getoption("--mockface-strict") or config.getini("mockface_strict"))


def _wants_all_called(config: pytest.Config) -> bool:
    return bool(config.getoption("--mockface-all-called") or config.getini("mockface_all_called"))


@pytest.hookimpl(trylast=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Fail the test itself, not a fixture, if its call got the default or its person was never called.

    Runs after the test: a test that fails by itself does not get here.
    """
    __tracebackhide__ = True
    handle: Mockface | None = getattr(item, _HANDLE, None)
    if handle is None:
        return
    if _is_strict(item.config) if handle.strict is None else handle.strict:
        handle.verify_none_fell_to_default()
    if _wants_all_called(item.config) if handle.all_called is None else handle.all_called:
        handle.verify_all_called()


@pytest.hookimpl(hookwrapper=True)  # wrapper=True needs pluggy 1.2, which is not required
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    """Add the calls of a failing test to its report."""
    outcome = yield
    handle: Mockface | None = getattr(item, _HANDLE, None)
    if handle is None or outcome.excinfo is not None:
        return
    report = outcome.get_result()
    if report.failed and report.when == "call":
        try:
            text = _told(handle, str(call.excinfo.value) if call.excinfo else "")
        except Exception as fault:  # the test's own failure must be reported in any case
            text = f"the calls cannot be listed: {fault}"
        report.sections.append(("mockface calls", text))


def _told(handle: Mockface, failure: str) -> str:
    """The calls of a test and the last refusals; calls that the failure's text already lists are left out."""
    calls = handle.calls
    explained = {call.id for call in [call for call in calls if call.why][-_VERDICTS:]}
    lines = [f"{len(calls)} call{'' if len(calls) == 1 else 's'} to {handle.url}"]
    for call in calls[-_LISTED:]:
        is_listed = call.id in failure
        details = handle.explain(call, short=True) if call.id in explained else ""
        lines += [] if is_listed and not details else [f"{call.id}:"] if is_listed else call.lines()
        lines += [details] if details else []
    return "\n".join([*lines, *(["mockface.explain(call) shows every check of a call."] if explained else [])])


def pytest_sessionstart(session: pytest.Session) -> None:
    """Store the counts of a server elsewhere, to subtract what came before this run."""
    config = session.config
    if config.getoption("--mockface-url") and not _is_worker(config) and _reports(config):
        setattr(config, _BEFORE, _coverage_elsewhere(config))


def _reports(config: pytest.Config) -> bool:
    """Whether the run needs coverage at its end."""
    wanted = config.getoption("--mockface-coverage") or config.getoption("--mockface-coverage-fail-under") is not None
    return (bool(wanted) or _is_strict(config)) and not config.getoption("--collect-only")


def _coverage_elsewhere(config: pytest.Config) -> dict[str, Any] | None:
    """The coverage of the server elsewhere; None if it does not answer."""
    from mockface.errors import ApiError, Unreachable
    from mockface.network.client import Client

    client = Client(config.getoption("--mockface-url"), config.getoption("--mockface-token"))
    try:
        return dict(client.get("/_mockface/coverage"))
    except (Unreachable, ApiError):
        return None


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Collect the coverage of an xdist worker."""
    report = getattr(node, "workeroutput", {}).get("mockface_coverage")
    if report:
        _coverage(node.config).add(report)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Workers pass on their coverage; the run fails for the reasons of `_shortcomings`."""
    config = session.config
    if _is_worker(config):
        if hasattr(config, _COVERAGE):
            config.workeroutput["mockface_coverage"] = _coverage(config).report()  # type: ignore[attr-defined]
        return
    if not _reports(config):
        return
    if config.getoption("--mockface-url"):
        _count_elsewhere(config)
    if session.exitstatus == pytest.ExitCode.OK and _shortcomings(config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _count_elsewhere(config: pytest.Config) -> None:
    """Add the coverage of the server elsewhere during this run."""
    now, before = _coverage_elsewhere(config), getattr(config, _BEFORE, None)
    if now is not None:
        coverage = _coverage(config)
        coverage.add(now)
        # Fewer calls than before: it was reset meanwhile, so all its counts are newer.
        if before is not None and before["calls"] <= now["calls"]:
            coverage.add(before, -1)


def _shortcomings(config: pytest.Config) -> list[str]:
    """The reasons why the run as a whole fails."""
    report, wrong = _coverage(config).report(), []
    least = config.getoption("--mockface-coverage-fail-under")
    if least is not None and report["percent"] < least:
        wrong.append(
            f"{report['percent']} % of the codes were covered; --mockface-coverage-fail-under expects {least:g} %"
        )
    if _is_strict(config) and config.getoption("--mockface-url") and report["fell_to_default"]:
        wrong.append(
            f"{report['fell_to_default']} call(s) fell to the default on the shared server; which test made them "
            "is not known there; 'mockface calls' lists them"
        )
    return wrong


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the coverage of the codes, and why the run as a whole fails."""
    if not _reports(config):
        return
    wrong = _shortcomings(config)
    if config.getoption("--mockface-coverage") or wrong:
        from mockface.journal import coverage

        terminalreporter.section("mockface coverage")
        if config.getoption("--mockface-coverage"):
            terminalreporter.write_line(coverage.as_text(_coverage(config).report()))
        for text in wrong:
            terminalreporter.write_line(f"FAILED: {text}", red=True)
