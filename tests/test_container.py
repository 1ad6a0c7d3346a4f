"""The container as its files say it: the Dockerfile, compose.yaml, the workflows. tests/containers runs it."""

import fnmatch
import re
import subprocess
import tomllib

import pytest
import yaml

from mockface import settings
from mockface.network.certificates import VENDOR_NAMES
from tests.commands import COMMANDS
from tests.conftest import HERE
from tests.dockerfile import image_of, instructions

pytestmark = pytest.mark.thorough

TOP = HERE.parent
DOCKERFILE = (TOP / "Dockerfile").read_text(encoding="utf-8")
KNOWN = {settings.variable(row.name) for row in settings.TABLE}


# compose.yaml

COMPOSE = yaml.safe_load((TOP / "compose.yaml").read_text(encoding="utf-8"))


def test_compose_has_the_vendors_names_both_ports_and_a_client_that_waits():
    services = COMPOSE["services"]
    assert set(services["mockface"]["networks"]["default"]["aliases"]) == set(VENDOR_NAMES)
    assert services["client"]["depends_on"] == {"mockface": {"condition": "service_healthy"}}
    assert services["mockface"]["depends_on"] == {"certificates": {"condition": "service_completed_successfully"}}
    variables = services["mockface"]["environment"]
    assert set(variables) <= KNOWN
    assert (variables["MOCKFACE_PORT"], variables["MOCKFACE_TLS_PORT"]) == ("80", "443")
    assert all(isinstance(value, str) for value in variables.values())
    for service in services.values():
        for volume in service["volumes"]:
            assert volume.partition(":")[0] in COMPOSE["volumes"] or volume.startswith("./")
    assert "ports" not in services["mockface"]


# The file itself


def test_the_last_stage_has_what_an_image_wants():
    image = image_of(DOCKERFILE)
    assert image.entrypoint == ["mockface"]
    assert image.command[0] in COMMANDS
    assert image.health[1] in COMMANDS
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", image.user)
    assert {name for name in image.environment if name.startswith("MOCKFACE_")} <= KNOWN
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert image.labels["org.opencontainers.image.title"] == project["name"]
    assert image.labels["org.opencontainers.image.description"] == project["description"]
    assert image.labels["org.opencontainers.image.licenses"] == project["license"]
    assert {"version", "revision", "created"} <= {name.rpartition(".")[2] for name in image.labels}


def test_no_instruction_has_an_option_that_builders_in_use_do_not_know():
    """Docker before 25 and podman before 5 stop at --start-interval; without BuildKit, any --mount, --chmod or --link."""
    options = {
        (word, option)
        for word, rest in instructions(DOCKERFILE)
        for option in re.findall(r"(?:^|\s)--([a-z-]+)", rest.partition(" CMD ")[0])
        if word != "RUN" or rest.startswith("--")
    }
    known = {("HEALTHCHECK", name) for name in ("interval", "timeout", "start-period", "retries")} | {("COPY", "from")}
    assert options <= known
    assert not DOCKERFILE.startswith("# syntax=")
    assert float(image_of(DOCKERFILE).health_options["interval"].removesuffix("s")) <= 2, (
        "the first look comes this late"
    )
    for service in COMPOSE["services"].values():
        assert "healthcheck" not in service, "compose before 2.20 does not know start_interval"


def test_the_build_gets_what_it_copies_and_nothing_else():
    ignored = (TOP / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        source
        for word, rest in instructions(DOCKERFILE)
        if word == "COPY" and not rest.startswith("--from=")
        for source in rest.split()[:-1]
    }
    assert "*" in ignored
    assert kept == copied
    assert not [name for name in copied if not (TOP / name).exists() or fnmatch.fnmatch(name, ".*")]


# The workflows

WORKFLOWS = TOP / ".github" / "workflows"


def workflow(name):
    # `on` is a truth value in YAML 1.1.
    return yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8").replace("\non:", '\n"on":', 1))


def steps(name):
    return [step for job in workflow(name)["jobs"].values() for step in job["steps"]]


def test_ci_runs_on_every_python_that_the_project_claims():
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    claimed = [one.rpartition(" ")[2] for one in project["classifiers"] if re.search(r"Python :: 3\.\d+$", one)]
    assert workflow("ci.yml")["jobs"]["tests"]["strategy"]["matrix"]["python"] == claimed


@pytest.mark.parametrize("name", ["ci.yml", "image.yml", "release.yml"])
def test_a_workflow_asks_for_no_more_rights_than_it_needs_and_its_commands_exist(name):
    made = workflow(name)
    assert made["permissions"] == {"contents": "read"}
    targets = set(re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = "\n".join(step.get("run", "") for step in steps(name))
    assert set(re.findall(r"\bmake ([a-z-]+)", text)) <= targets
    assert set(re.findall(r"mockface:?\S* (?:--\S+ )*([a-z]+)$", text, re.MULTILINE)) <= set(COMMANDS)
    for step in steps(name):
        if "run" in step:
            subprocess.run(["bash", "-n", "-c", re.sub(r"\$\{\{.*?\}\}", "x", step["run"])], check=True)


def test_containers_are_prepared_wherever_none_of_their_tests_may_be_skipped():
    ci = (TOP / ".ci" / "run").read_text(encoding="utf-8")
    assert ci.index("TEST_ALL_CLIENTS=1") < ci.index("\ntests/containers/base\n") < ci.index("\nmake test-all ")
    (prepared,) = [step["run"] for step in steps("ci.yml") if "tests/containers" in step.get("run", "")]
    assert prepared.index("tests/containers/base") < prepared.index("TEST_ALL_CLIENTS=1")


def test_the_image_is_run_read_only_and_its_own_health_check_awaited():
    text = "\n".join(step.get("run", "") for step in steps("image.yml"))
    assert "--read-only" in text
    assert ".State.Health.Status" in text
