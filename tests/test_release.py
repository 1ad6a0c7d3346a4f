"""A release: its tag, its version and the changelog say the same, and what is published is what was tried."""

import re
import subprocess
import sys

import pytest

import mockface
from tests.conftest import HERE
from tests.test_container import steps, workflow
from tools import release

TOP = HERE.parent


def test_the_changelogs_newest_heading_is_the_version():
    assert release.disagreements(f"v{mockface.__version__}") == []


@pytest.mark.parametrize("tag", ["v9.9.9", "0.1.0", "v0.1", "v0.1.0rc1", ""])
def test_a_tag_that_is_not_the_version_is_refused_with_both(tag):
    (said,) = release.disagreements(tag)
    assert repr(tag) in said
    assert f"v{mockface.__version__}" in said


def test_a_changelog_whose_newest_heading_is_another_is_refused(tmp_path):
    changelog = tmp_path / "CHANGELOG.md"
    for heading in ("## Unreleased", "## 9.9.9", "# Changelog"):
        changelog.write_text(f"# Changelog\n\n{heading}\n\n## {mockface.__version__}\n", encoding="utf-8")
        said = release.disagreements(f"v{mockface.__version__}", changelog)
        assert len(said) == (heading != "# Changelog")


def test_the_command_fails_for_a_wrong_tag_and_needs_nothing_installed():
    command = [sys.executable, "-S", "-m", "tools.release", "tag"]
    wrong = subprocess.run([*command, "v9.9.9"], cwd=TOP, capture_output=True, text=True, check=False)
    assert (wrong.returncode, "v9.9.9" in wrong.stderr) == (1, True)
    right = subprocess.run([*command, f"v{mockface.__version__}"], cwd=TOP, capture_output=True, check=False)
    assert right.returncode == 0


def test_a_release_begins_with_a_tag_of_a_version_alone_and_that_tag_is_judged_first():
    assert workflow("release.yml")["on"] == {"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}
    commands = [step["run"] for step in steps("release.yml") if "run" in step]
    assert commands == ['python -m tools.release tag "$TAG"', "make check", "make test-all", "make dist"]


def test_a_release_is_published_by_trusted_publishing_and_only_after_the_tests():
    made = workflow("release.yml")
    publish = made["jobs"]["publish"]
    assert publish["permissions"] == {"id-token": "write"}
    assert publish["environment"]["name"] == "pypi"
    assert publish["needs"] == "build"
    assert not [step for step in publish["steps"] if re.search("password|token:", str(step))]


def test_a_release_is_tried_on_every_python_that_the_project_claims():
    (setup,) = [step for step in steps("release.yml") if "setup-python" in step.get("uses", "")]
    assert setup["with"]["python-version"].split() == release.pythons()
    assert release.pythons()[0] == "3.11"


def test_what_is_tried_is_what_make_dist_built():
    makefile = (TOP / "Makefile").read_text(encoding="utf-8")
    (recipe,) = re.findall(r"^dist: .*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert [re.split(r"-m ", line)[-1] for line in recipe.splitlines()] == [
        "\trm -rf dist", "build --no-isolation", "twine check --strict dist/*", "tools.release"
    ]  # fmt: skip
