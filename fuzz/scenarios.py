"""Targets for scenarios: those of files, and those that are added at run time."""

from __future__ import annotations

import json
import time
from typing import Any

from fuzz.fed import Fed
from mockface import checks
from mockface.control.added import AddedScenarios
from mockface.emulator import Emulator
from mockface.errors import BadScenario
from mockface.model import Scenario
from mockface.operations import OPERATIONS
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE
from mockface.scenariofiles import reader
from mockface.scenariofiles.merged import Loaded, assemble
from mockface.scenarios.lookup import Layer, ScenarioSet
from mockface.scenarios.mint import Mint
from mockface.signature.accounts import TEST_ACCOUNT
from tests.making import NOW, URL, json_body, raw

SECONDS_LIMIT = 3.0
"""How long a file of a few KiB may take on a slow machine that does other things too; most take a millisecond."""
COMPLAINTS_LIMIT = 1_000_000
"""How many characters all diagnostics about such a file may have together."""


def scenarios(content: bytes) -> None:
    """Reading a file never raises and is soon done; diagnostics are safe on a terminal; what is read can be played."""
    text = content.decode("utf-8", "ignore")
    began = time.process_time()
    loaded = Loaded(NOW)
    reader.read_text(loaded, "fuzz.yaml", text)
    found, diagnostics = assemble(loaded, Loaded())
    printed = [str(diagnostic) for diagnostic in diagnostics]
    took = time.process_time() - began
    assert took < SECONDS_LIMIT, f"{len(text)} characters took {took:.1f} s"
    assert sum(map(len, printed)) < COMPLAINTS_LIMIT
    for line in "\n".join(printed).split("\n"):
        assert line.isprintable(), ascii(line)
    assert len(found) <= text.count(":") + text.count("?") + 1
    if all(diagnostic.warning for diagnostic in diagnostics):
        accounts = {TEST_ACCOUNT.secret_id: TEST_ACCOUNT, **loaded.accounts}
        rules = checks.Rules(paths=(IDCARDCOMPARE.path,), accounts=accounts)
        _are_playable(Emulator(OPERATIONS, "shape", rules, found, lambda: NOW), list(loaded.scenarios.values()))


def _are_playable(emulator: Emulator, given: list[Scenario]) -> None:
    """Every step of a few of them is answered, and described."""
    numbers = [scenario.number.replace("?", "7").replace("#", "1") for scenario in given[:5]]
    for scenario in given[:5]:
        assert [step.summary() for step in scenario.steps]
    for number in [*numbers, "110110199909090904", "1", "\ud800"]:
        for _ in range(3):
            content = json_body(idcard_number=number, idcard_name="x", url=URL)
            answer = emulator.answer(raw(content))
            if answer.fault is None:
                assert isinstance(json.loads(answer.body)["code"], int)
            assert 200 <= answer.status <= 599
            assert 0 <= answer.delay_s < float("inf")
            assert answer.why is None or (answer.why.isascii() and answer.why.isprintable() and len(answer.why) <= 400)


_LEAVES: tuple[Any, ...] = (
    None, True, 0, -5803, 92.5, 10**30, 1e300, "", "x", "213", "300ms", "\U00020bb7", "\ud800", "\x7f\x85\u2028", "\x1b[31m",
)  # fmt: skip
_KEYS = (
    "number", "similarity", "code", "message", "status", "data", "delay", "fault", "rate", "otherwise", "sequence", "then",
    "name", "note", "uniform", "lognormal", "digits_times", "slow", "median", "sigma", "max",
)  # fmt: skip
_NUMBERS = ("110110199907010018", "110110199912??###?", "?" * 18, "#" * 15, "11011019990701001x")


def _value(fed: Fed, depth: int) -> Any:
    kind = fed.number(8) if fed else 0
    if kind < 3 or depth > 8:
        return fed.choice(_LEAVES)
    if kind == 3:
        return fed.text()
    if kind == 4:
        return [_value(fed, depth + 1) for _ in range(fed.number(4))]
    return _mapping(fed, depth + 1)


def _mapping(fed: Fed, depth: int = 0) -> dict[str, Any]:
    keys = [fed.text(20) if fed.number(8) == 7 else fed.choice(_KEYS) for _ in range(fed.number(5))]
    return {key: _value(fed, depth) for key in keys}


def added(content: bytes) -> None:
    """Any JSON object is a scenario that can be played, or is refused with its mistakes."""
    fed = Fed(content)
    given = _mapping(fed)
    if fed.number(4):
        given["number"] = fed.choice(_NUMBERS)
    layer = Layer()
    defaults, _ = assemble(Loaded(), Loaded())
    every = ScenarioSet((layer,), defaults.well_formed, defaults.malformed)
    emulator = Emulator(OPERATIONS, "shape", checks.Rules(paths=(IDCARDCOMPARE.path,)), every, lambda: NOW)
    library = AddedScenarios(emulator, layer, Mint())
    try:
        scenario = library.add(given)
    except BadScenario as refused:
        assert refused.mistakes
        str(refused).encode("utf-8")
        return
    _are_playable(emulator, [scenario])
    if isinstance(given.get("name"), str):
        assert scenario.name == given["name"]
    assert library.remove(scenario.number)
    assert not list(layer)
