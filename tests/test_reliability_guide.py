"""docs/reliability.md and SECURITY.md are held to the code: their bounds, their tests, their other language."""

import re
import socket
from pathlib import Path

import pytest

from mockface import emulator, state
from mockface.control import added, counting, switches
from mockface.journal import journal
from mockface.request import jsonstream, limits, multipart
from mockface.scenariofiles import reader
from mockface.scenariofiles.yaml import document
from mockface.scenariofiles.yaml import limits as yaml_limits
from mockface.scenarios import lookup
from mockface.settings import TABLE, Settings, flag
from mockface.web import log
from mockface.web.admin import asked, body, calls, control
from mockface.web.admin import scenarios as admin_scenarios
from mockface.web.admin.causes import FAULTS_TOLD
from mockface.web.serving import run as server
from mockface.web.serving import timeouts
from mockface.web.serving.protocols import connection
from mockface.web.serving.protocols.request import HEAD_LIMIT_BYTES
from tests.commands import COMMANDS
from tests.conftest import HERE

TOP = HERE.parent
PAIRS = {"docs/reliability.md": "docs/reliability.zh-CN.md", "SECURITY.md": "SECURITY.zh-CN.md"}
every_page = pytest.mark.parametrize("name", [*PAIRS, *PAIRS.values()])


def page(name):
    return (TOP / name).read_text(encoding="utf-8")


@every_page
def test_every_test_and_every_link_that_is_named_exists(name):
    for path in re.findall(r"`(tests/[\w/.]+)`", page(name)):
        assert (TOP / path).exists(), path
    for target in re.findall(r"\]\(([^)#]+)\)", page(name)):
        assert (TOP / name).parent.joinpath(target).is_file(), target


@every_page
def test_every_flag_that_is_named_exists(name):
    known = {option for command in COMMANDS.values() for given in command.params for option in given.opts}
    assert set(re.findall(r"`(--[a-z][a-z-]+)", page(name))) <= known | {"--version"}


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_name_the_same_tests_figures_and_settings(name):
    def facts(text):
        cells = "\n".join(line for line in text.splitlines() if line.startswith("|"))
        return (
            len(re.findall("^#+ ", text, re.MULTILINE)), re.findall(r"`([^`]+)`", cells),
            re.findall(r"\d+(?:\.\d+)?", re.sub("`[^`]*`|UTF-8|zh-CN", "", cells)),
        )  # fmt: skip

    assert facts(page(name)) == facts(page(PAIRS[name]))


DEFAULTS = Settings()
MIB = 1024 * 1024
BOUNDS: dict[str, float | tuple[float, ...]] = {
    "body": DEFAULTS.body_limit // MIB,
    "rest of a refused upload, read and dropped": (DEFAULTS.drain_limit // MIB, DEFAULTS.drain_seconds),
    "time for the head": DEFAULTS.head_seconds,
    "time for the body, and for taking an answer": DEFAULTS.body_seconds,
    "time without a request": DEFAULTS.idle_seconds,
    "time until TLS is agreed on": timeouts.HANDSHAKE_SECONDS,
    "connections, those in a TLS handshake included": (DEFAULTS.connections, timeouts.RESERVED_FILES),
    "head of a request; chunk extensions and trailers": HEAD_LIMIT_BYTES // 1024,
    "bytes read ahead behind a request that is not answered yet": (
        connection.HELD_BYTES // 1024, connection.SLICE_BYTES // 1024,
    ),
    "parts of a multipart body; headers of a part": (
        multipart.PART_LIMIT, multipart.HEADERS_LIMIT, multipart.HEADER_LIMIT_BYTES // 1024,
    ),
    "boundary": multipart.BOUNDARY_LIMIT_BYTES,
    "text field": limits.FIELD_LIMIT_BYTES // 1024,
    "JSON without its long strings and blanks": jsonstream.KEPT_LIMIT_BYTES // 1024,
    "journal": (DEFAULTS.journal, journal.LIMIT_BYTES // MIB),
    "numbers of which dropped calls are counted": journal.DROPPED_NUMBERS,
    "numbers counted, for sequences and stories": state.COUNTED_NUMBERS,
    "numbers whose scenario is remembered": emulator.REMEMBERED_CHOICES,
    "single-use signatures remembered": state.REMEMBERED_SIGNATURES,
    "events that wait for a reader of the stream, and each `within`": counting.SUBSCRIBER_LIMIT,
    "log lines that wait to be written": (log._QUEUED, log.LINES_AT_ONCE, log.LINES_PER_SECOND),
    "scenario file": (
        reader.FILE_LIMIT_BYTES // MIB, yaml_limits.DEPTH_LIMIT, yaml_limits.REPEAT_LIMIT, document.MISTAKE_LIMIT,
    ),
    "scenarios added at run time": added.LIMIT_BYTES // MIB,
    "any body": (
        body.API_BODY_LIMIT_BYTES // 1024, body.SCENARIO_LIMIT_BYTES // MIB, 413, asked.FIELDS_LIMIT, FAULTS_TOLD,
    ),
    "`numbers` of `find`, `verify` and `reset`": (control.NUMBERS_LIMIT, lookup.SHAPE_LIMIT, 422),
    "`calls`, `calls/find`, `calls/{call_id}`": (journal.LIMIT_BYTES // MIB, journal._MADE_AT_ONCE),
    "near misses, in a verdict and of a number": (),
    "`verify` with `within`": (calls.WAITING_LIMIT, 503),
    "`events`": (calls.FOLLOWERS_LIMIT, 503, counting.SUBSCRIBER_LIMIT),
    "`POST scenarios`": (body.SCENARIO_LIMIT_BYTES // MIB, document.MISTAKE_LIMIT, added.LIMIT_BYTES // MIB),
    "`GET scenarios`": (1000, admin_scenarios.STEPS_SHOWN),
    "`DELETE scenarios/{number}`, `reset` of scenarios or numbers": (),
    "`coverage`, `metrics`, `codes`, `numbers`, `schema`, `settings`, `switches`, `sign`, `clock`, `health`": (
        switches.ACCOUNTS_TOLD,
    ),
}  # fmt: skip


def test_the_bounds_are_those_of_the_code():
    text = page("docs/reliability.md").partition("## Measured")[0]
    rows = [
        [cell.strip() for cell in line.split("|")[1:4]]
        for line in text.splitlines()
        if re.match(r"\| (?!what|request \||--)", line)
    ]
    assert {row[0] for row in rows} == set(BOUNDS)
    for what, bound, setting in rows:
        held = BOUNDS[what]
        wanted = held if isinstance(held, tuple) else (held,)
        figures = [float(one) for one in re.findall(r"\d+", bound)]
        assert figures == [float(one) for one in wanted], what
        assert set(re.findall(r"`(--[a-z-]+)`", setting)) <= {flag(row.name) for row in TABLE}


def test_the_seconds_of_a_stop_are_those_of_the_code():
    assert f"cut after {server.QUIET_SECONDS:g} s, all after {server.GRACE_SECONDS:g} s" in page("docs/reliability.md")


def test_by_default_it_listens_on_loopback_alone(server):
    found = Path("/proc/net/tcp")
    if found.exists():
        port = f":{server.port:04X}"
        local = [line.split()[1] for line in found.read_text().splitlines()[1:] if line.split()[3] == "0A"]
        assert [one for one in local if one.endswith(port)] == [f"0100007F{port}"]
    with socket.create_connection(("127.0.0.1", server.port), 5):
        pass
    assert Settings().host == "127.0.0.1"
