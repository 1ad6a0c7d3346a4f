"""The guides under docs/ are held to the code: their samples load, their commands run, their tables are complete."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from mockface.operation import nameless
from mockface.operations import OPERATIONS, listing
from mockface.operations.assumed import ASSUMPTIONS
from mockface.scenariofiles import reader
from mockface.scenariofiles.account_fields import ACCOUNT_FIELDS
from mockface.scenariofiles.merged import Loaded
from mockface.scenariofiles.step_fields import SCENARIO_FIELDS
from mockface.scenariofiles.yaml.document import MISTAKE_LIMIT
from mockface.scenariofiles.yaml.limits import DEPTH_LIMIT, REPEAT_LIMIT
from mockface.scenarios.faults import FAULTS
from mockface.scenarios.lookup import SHAPE_LIMIT
from tests.conftest import CLEAN_ENVIRONMENT, HERE, LEAN_PYTEST, program, start
from tests.making import ask, emulator, json_body

DOCS = HERE.parent / "docs"
GUIDES = sorted(path.name for path in DOCS.glob("*.md"))
every_guide = pytest.mark.parametrize("name", GUIDES)


def guide(name):
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(name, language):
    return re.findall(rf"^```{language}\n(.*?)^```", guide(name), re.MULTILINE | re.DOTALL)


def both(name):
    """The guide's name in both languages."""
    return pytest.mark.parametrize("name", [f"{name}.md", f"{name}.zh-CN.md"])


@every_guide
def test_every_guide_has_its_other_language_with_the_same_samples_and_headings(name):
    other = name.replace(".zh-CN.md", ".md") if ".zh-CN" in name else name.replace(".md", ".zh-CN.md")
    assert f"]({other})" in guide(name)
    assert len(re.findall("^#+ ", guide(name), re.MULTILINE)) == len(re.findall("^#+ ", guide(other), re.MULTILINE))

    def commands(of):
        return [re.sub(r" +#.*", "", block) for block in blocks(of, "sh")]

    assert commands(name) == commands(other)
    assert len(blocks(name, "yaml")) == len(blocks(other, "yaml"))


@every_guide
def test_every_link_leads_somewhere(name):
    for target in re.findall(r"\]\(([^)]+)\)", guide(name)):
        path, _, anchor = target.partition("#")
        found = (DOCS / path) if path else DOCS / name
        assert found.is_file(), target
        if found.suffix != ".md":
            continue
        headings = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), re.MULTILINE)
        anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in anchors, target


@every_guide
def test_every_sample_of_scenarios_is_without_a_mistake(name):
    for sample in blocks(name, "yaml"):
        loaded = Loaded(names=nameless(OPERATIONS))
        reader.read_text(loaded, name, sample)
        assert loaded.diagnostics == []


INSTALLING = {"README.md", "for-python-testers.md", "for-ci.md"}
"""Their commands install mockface from the clone: `tests/test_first_steps.py` follows them."""


@pytest.mark.thorough
@pytest.mark.parametrize("name", [name for name in GUIDES if ".zh-CN" not in name and name not in INSTALLING])
@pytest.mark.timeout(300)
def test_every_command_of_a_guide_runs(name, tmp_path):
    """The Chinese guides have the same commands, as the first test here demands."""
    if not blocks(name, "sh"):
        assert "sh" not in re.findall("^```(.*)$", guide(name), re.MULTILINE)
        return
    program("curl")
    server = start()
    environment = {
        **CLEAN_ENVIRONMENT, **LEAN_PYTEST, "MOCKFACE_URL": server.url, "PYTHONIOENCODING": "utf-8",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip
    for file, content in re.findall(r"^```\w+\n(?:#|//) (\w[\w.]+)\n(.*?)^```", guide(name), re.MULTILINE | re.DOTALL):
        (tmp_path / file).write_text(content, encoding="utf-8")
    try:
        for block in blocks(name, "sh"):
            if block.startswith("node "):
                program("node")
            command = block.replace("http://127.0.0.1:8641", server.url)
            done = subprocess.run(
                ["bash", "-e", "-c", command], check=False, env=environment, cwd=tmp_path, capture_output=True, text=True,
                encoding="utf-8", timeout=200,
            )  # fmt: skip
            assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
            assert '"error"' not in done.stdout, f"{block}\n{done.stdout}"
            for promised in re.findall(r"^# (\{.*\})$", block, re.MULTILINE):
                assert list(json.loads(promised)) == list(json.loads(done.stdout))
    finally:
        server.stop()


@both("scenarios")
def test_the_guide_of_scenarios_has_every_field_fault_and_account_field(name):
    told = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", guide(name), re.MULTILINE))
    assert set(told) == {*SCENARIO_FIELDS, *FAULTS, *ACCOUNT_FIELDS}
    if ".zh-CN" not in name:
        assert told.items() >= FAULTS.items()


@both("scenarios")
def test_the_samples_of_the_guide_do_what_their_comments_say(name):
    own = emulator(blocks(name, "yaml")[1])

    def answer(number, person="张三"):
        return json.loads(ask(json_body(idcard_number=number, idcard_name=person), of=own).body)

    assert answer("110110199907010018")["data"]["similarity"] == 92.5
    assert answer("110110199907010034") == {"code": 15, "message": "slow down"}
    assert answer("110110199907010042", "李四")["code"] == -5803
    assert answer("110110199907021250")["data"]["similarity"] == 25.0


@both("codes")
def test_the_table_of_the_families_is_what_ids_prints(name):
    told = re.findall(r"^\| `(\w+)` \| ([^|]+) \| [^|]+ \|$", guide(name), re.MULTILINE)
    assert told == [
        (row["idcard_number"], row["outcome"] + (f" {row['similarity']}" if "similarity" in row else ""))
        for row in listing.numbers(OPERATIONS)
        if row.get("code", 0) == 0
    ]


@both("fidelity")
def test_the_table_of_assumptions_is_that_of_the_program(name):
    lines = re.findall(r"^\| ([a-z0-9-]+) \| (.+) \|$", guide(name).partition("|---|")[2], re.MULTILINE)
    assert [line[0] for line in lines] == [assumption.id for assumption in ASSUMPTIONS]
    for (_, rest), assumption in zip(lines, ASSUMPTIONS, strict=True):
        switch = f"`{assumption.switch}`" if assumption.switch.startswith("--") else assumption.switch
        if ".zh-CN" in name:
            assert f"| {assumption.evidence} |" in rest
        else:
            assert rest == f"{assumption.default} | {assumption.reason} | {assumption.evidence} | {switch}"


@both("admin-api")
def test_the_table_of_endpoints_is_that_of_the_api(name, server):
    with urllib.request.urlopen(f"{server.url}/openapi.json") as answer:
        paths = json.load(answer)["paths"]
    known = {(verb.upper(), path) for path, verbs in paths.items() for verb in verbs if path.startswith("/_mockface")}
    assert set(re.findall(r"^\| `([A-Z]+) (/\S+)` \|", guide(name), re.MULTILINE)) == known


@both("scenarios")
def test_the_table_of_limits_is_that_of_the_program(name):
    limits = re.findall(r"^\| [^|]+ \| (\d+) \|$", guide(name), re.MULTILINE)
    known = [reader.FILE_LIMIT_BYTES, DEPTH_LIMIT, REPEAT_LIMIT, MISTAKE_LIMIT, SHAPE_LIMIT]
    assert limits == [str(limit) for limit in known]
