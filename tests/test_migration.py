"""docs/migrating.md and docs/successor.md: what they show runs, with the vendor's SDKs where they are installed."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mockface.codes import PAGE
from mockface.gateway import codes, results, twins
from mockface.operations.faceid.recognition import IMAGE_RECOGNITION
from mockface.testing import Mockface
from tests.conftest import CLEAN_ENVIRONMENT, HERE, LEAN_PYTEST, program
from tests.successor import ask, fields_for
from tests.test_guides import blocks, both, guide

pytestmark = pytest.mark.thorough

EXAMPLES = HERE.parent / "examples" / "migration"
PROGRAMS = sorted(path.name for path in EXAMPLES.iterdir() if path.is_file())


NODE_MODULES = Path(__file__).parent / "clients" / "node" / "node_modules"
"""Where the tests have the vendor's SDKs for Node."""


def run(command, **environment):
    return subprocess.run(
        command, cwd=EXAMPLES,
        env={
            **CLEAN_ENVIRONMENT, **LEAN_PYTEST, "PYTHONDONTWRITEBYTECODE": "1", "NODE_PATH": str(NODE_MODULES),
            **environment,
        },
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip


def test_the_suite_passes_against_both_operations_in_one_run():
    done = run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(EXAMPLES),
            "-c",
            "/dev/null",
            "-W",
            "error",
        ]
    )
    passed = re.search(r"^(\d+) passed", done.stdout, re.MULTILINE)
    assert done.returncode == 0, done.stdout
    assert passed
    assert int(passed[1]) >= 20


def node_has_the_sdk():
    found = run([program("node"), "-e", "require.resolve('tencentcloud-sdk-nodejs')"])
    return found.returncode == 0


@pytest.mark.parametrize("name", ["before.py", "after.py", "before.js", "after.js"])
def test_a_client_prints_what_the_page_says(name, server):
    if name == "after.py" and importlib.util.find_spec("tencentcloud") is None:
        pytest.skip("tencentcloud-sdk-python-faceid is not installed here")
    if name == "after.js" and not node_has_the_sdk():
        pytest.skip("tencentcloud-sdk-nodejs is not installed here")
    runner = sys.executable if name.endswith(".py") else program("node")
    done = run([runner, name], MOCKFACE_URL=server.url, PYTHONIOENCODING="utf-8")
    assert done.stdout == "passed\nwrong name\n", done.stderr


@both("migrating")
def test_the_page_shows_every_program_as_it_is(name):
    shown = dict(re.findall(r"^```\w+\n((?:#|//) \w[\w.]+)\n(.*?)^```", guide(name), re.MULTILINE | re.DOTALL))
    assert sorted(first.split()[1] for first in shown) == PROGRAMS
    for first, rest in shown.items():
        assert (EXAMPLES / first.split()[1]).read_text(encoding="utf-8") == f"{first}\n{rest}"


def test_an_old_code_gets_the_first_of_its_rows_that_the_action_has():
    for number, row in twins.FROM_OLD.items():
        word = IMAGE_RECOGNITION.words.get(PAGE.by_number[number].name)
        listed = [twin.code for twin in row if twin.listed and twin.code != "Success"]
        if number != 0:
            assert (word.code.number if word else None) == (listed[0] if listed else None)


@both("successor")
def test_the_answers_of_the_page_have_the_texts_of_the_table(name):
    told = [json.loads(one) for one in re.findall(r'`(\{"Response":.*?\}\})`', guide(name))]
    assert len(told) == 4
    for answer in told:
        said = answer["Response"]
        code = said["Error"]["Code"] if "Error" in said else said["Result"]
        if code in results.BY_CODE:
            row = results.BY_CODE[code]
            told_text = said["Error"]["Message"] if "Error" in said else said["Description"]
            assert told_text == (results.message(row) if "Error" in said else results.description(row))
            assert ("Error" in said) == (codes.EVERY[code].data == codes.ERROR)


@both("successor")
def test_the_sample_scenarios_answer_as_their_comments_say(name):
    (sample,) = blocks(name, "yaml")
    with Mockface() as m:
        for number, given in yaml.safe_load(sample)["scenarios"].items():
            person = m.add(number, **given)
            answer = ask(m.url, fields=fields_for("ImageRecognition", IdCard=person.idcard_number))
            assert answer.code == (given.get("result") or given.get("error") or "FailedOperation.IdNameMisMatch")
            assert ("Error" in answer.said) == ("error" in given)
