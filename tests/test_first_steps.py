"""The pages that lead a reader to a working set-up: their commands run in order, as printed, in an empty folder beside a clone."""

import re
import socket
import subprocess

import pytest
import yaml

from tests.conftest import CLEAN_ENVIRONMENT, HERE
from tests.test_guides import blocks, both, guide

TOP = HERE.parent


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def script(name):
    """The files that the page shows, and its commands, in its order."""
    lines = []
    for language, text in re.findall(r"^```(\w+)\n(.*?)^```", guide(name), re.MULTILINE | re.DOTALL):
        file = re.match(r"# (\w+\.py)\n", text)
        if language == "python" and file:
            lines.append(f"cat > {file[1]} <<'END OF FILE'\n{text}END OF FILE")
        if language == "sh":
            lines.append(text)
    return "\n".join(lines)


@pytest.fixture(scope="module")
def beside_a_clone(tmp_path_factory):
    """A folder that has the clone where the page says that `git clone` puts it, and nothing else."""
    folder = tmp_path_factory.mktemp("reader")

    def empty(name, clone):
        place = folder / name
        place.mkdir()
        (place / clone).symlink_to(TOP)
        return place

    return empty


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("name", "clone", "printed"),
    [
        ("for-python-testers", "../mockface", ["2 passed", "1 passed", "test_sdk.py", "mockface coverage"]),
        ("for-ci", "mockface", ["team.yaml", "-5803"]),
    ],
)
def test_the_commands_of_a_page_work_as_printed_in_an_empty_folder(name, clone, printed, beside_a_clone):
    assert f"git clone ADDRESS {clone}\n" in guide(f"{name}.md")
    place = beside_a_clone(name, clone)
    # Not the environment of this suite: the page makes one of its own. Only the port may be taken, so it is another one.
    environment = {
        key: value for key, value in CLEAN_ENVIRONMENT.items() if not key.startswith(("PYTEST", "VIRTUAL_ENV"))
    }
    environment |= {"MOCKFACE_PORT": (port := free_port()), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        ["bash", "-e", "-c", script(f"{name}.md").replace("8641", port)], cwd=place, env=environment, check=False,
        capture_output=True, text=True, encoding="utf-8", timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    for one in printed:
        assert one in done.stdout, done.stdout


@both("for-ci")
def test_the_workflow_runs_the_commands_of_its_page(name):
    (text,) = blocks(name, "yml")
    steps = yaml.safe_load(text)["jobs"]["tests"]["steps"]
    commands = {line for block in blocks(name, "sh") for line in block.splitlines()}
    own = {"make test", "cat mockface.log", 'echo "$PWD/.venv-mockface/bin" >> "$GITHUB_PATH"'}
    for step in steps:
        if "run" in step and step["run"] not in own:
            assert step["run"].replace('>> "$GITHUB_STEP_SUMMARY"', "> coverage.md") in commands
    assert sum("run" in step for step in steps) == 10
    (summary,) = (step for step in steps if "GITHUB_STEP_SUMMARY" in step.get("run", ""))
    assert summary["if"] == "always()"


@pytest.mark.parametrize("page", ["for-python-testers", "for-frontend", "for-ci", "README", "settings"])
def test_the_blocks_of_a_first_page_are_the_same_in_both_languages(page):
    every = r"^```\w+\n.*?^```"
    english, chinese = (
        re.findall(every, guide(f"{page}{end}"), re.MULTILINE | re.DOTALL) for end in (".md", ".zh-CN.md")
    )
    assert english == chinese
    assert english or page == "settings"
