"""What goes with a new check, setting, field or shipped scenario: a place that was forgotten is named by its failure."""

import dataclasses
import re
from pathlib import Path

import pytest

import mockface
from mockface import idcard, settings
from mockface.checks.rules import Rules
from mockface.model import Step
from mockface.operations import OPERATIONS
from mockface.operations.idcardcompare.checklist import checklist
from mockface.scenariofiles.shipped import shipped
from mockface.scenariofiles.step_fields import STEP_FIELDS
from mockface.scenarios import family
from mockface.testing.server.settings import SettingFields
from tests.test_guides import guide

PACKAGE = Path(mockface.__file__).parent
STATIC = PACKAGE / "web" / "console" / "static"
WORDS = "".join(file.read_text(encoding="utf-8") for file in STATIC.glob("words-*.js"))
FREE_MONTHS = family.MONTHS_OF_USERS


def test_every_check_is_told_in_both_languages():
    every = {check for mode in ("shape", "verify") for check in checklist(mode)}
    plain = {check.name for check in every for told in (check.title, check.evidence, check.wanted) if type(told) is str}
    assert not plain, f"say it with words() or a Reason: {plain}"
    assert len({check.title.zh for check in every}) == len(every)


@pytest.mark.parametrize("kind", ["fault", "story"])
def test_every_shipped_fault_and_story_has_its_words_in_the_console(kind):
    known = family.FAULT_SEQUENCES if kind == "fault" else family.STORY_SEQUENCES
    missing = {f"{kind}.{name}" for name in known if f'"{kind}.{name}": [' not in WORDS}
    assert not missing, f"say it in both languages in words-views.js: {missing}"


def test_every_setting_is_read_somewhere():
    code = "".join(file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py") if file.name != "settings.py")
    code += (PACKAGE / "settings.py").read_text(encoding="utf-8").partition("def __post_init__")[2]
    dead = [row.name for row in settings.TABLE if not re.search(rf"(settings|self)\.{row.name}\b", code)]
    assert dead in ([], ["port", "tls_port"]), (
        f"nothing reads {dead}; rules of checks get theirs in control/loading.build"
    )
    assert "getattr(settings, name)" in code, "how the two ports are read"


def test_every_rule_of_the_checks_is_read_by_what_judges_or_answers():
    readers = [file for file in PACKAGE.rglob("*.py") if "control" not in file.relative_to(PACKAGE).parts[:-1]]
    code = "".join(file.read_text(encoding="utf-8") for file in readers if file.name != "rules.py")
    dead = [one.name for one in dataclasses.fields(Rules) if not re.search(rf"\brules\.{one.name}\b", code)]
    assert not dead, f"control/loading.build fills {dead} of checks/rules.py, and nothing reads rules.{dead[0]}"


def test_every_field_of_a_step_is_one_of_the_model():
    missing = set(STEP_FIELDS) - set(Step._fields) - {"result", "error", "sequence", "then", "name", "note"}
    assert not missing, f"add it to model.Step, and to the emulator if it changes the answer: {missing}"


def test_no_shipped_scenario_is_in_a_month_that_is_promised_to_stay_free():
    taken = {number for number in shipped().scenarios if number[:10] == idcard.RESERVED_PREFIX}
    taken -= {"110110199909090909"}
    in_free = {number for number in taken for month in FREE_MONTHS if number[10:12] == f"{month:02d}"}
    assert not in_free, f"docs/frozen.md: months 07 to 09 stay free; {in_free}"
    assert "months 07 to 09 stay free" in guide("frozen.md")


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if not one.action], ids=lambda one: one.name)
def test_every_field_of_an_operation_is_described(operation):
    known = {*operation.table.text, *operation.table.pictures, *operation.table.videos}
    for kind, body in operation.describe()["requestBody"]["content"].items():
        missing = known ^ set(body["schema"]["properties"])
        assert not missing, f"describe it in the operation's openapi.py, for {kind}: {missing}"


def test_every_setting_is_a_keyword_of_the_handle():
    names = {row.name for row in settings.TABLE}
    told = set(SettingFields.__annotations__) | {"ready_file"}
    assert told == names, (
        f"name it in testing/server/settings.py; what only a process has (like log_level) also in _OF_A_PROCESS of testing/server/given.py: {told ^ names}"
    )


def test_no_test_runs_a_loop_in_the_thread_in_which_the_browsers_tests_keep_theirs():
    folder = Path(__file__).parent.parent
    own = [file for file in folder.rglob("test_*.py") if "node_modules" not in file.parts and file != Path(__file__)]
    running = [
        file.name for file in own if re.search(r"^[^\"'#]*asyncio\.run\(", file.read_text(encoding="utf-8"), re.M)
    ]
    assert not running, f"take run of tests/loop.py: {running}"
