"""The container: the Dockerfile's steps performed by hand, and what it starts; compose.yaml; the workflows."""

import fnmatch
import json
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
import tomllib
from pathlib import Path

import pytest
import yaml

from mockface import settings
from mockface.network.certificates import VENDOR_NAMES
from tests.commands import COMMANDS
from tests.conftest import HERE
from tests.dockerfile import Build, image_of, instructions

pytestmark = pytest.mark.thorough

TOP = HERE.parent
DOCKERFILE = (TOP / "Dockerfile").read_text(encoding="utf-8")
KNOWN = {settings.variable(row.name) for row in settings.TABLE}


@pytest.fixture(scope="module")
def build():
    # Not below pytest's folder, which only its owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="mockface-image-"))
    folder.chmod(0o755)
    try:
        yield Build(TOP, folder)
    finally:
        shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def certs(request):
    """An empty volume for each test."""
    if "build" in request.fixturenames:
        folder = request.getfixturevalue("build").root / "certs"
        for file in folder.iterdir():
            file.unlink()


def started(build, wait="mockface health"):
    """A script that runs the image's own command in the background until its own health check is well."""
    command = shlex.join(build.image.entrypoint + build.image.command)
    return f"{command} > /dev/null &\nuntil {wait} 2> /dev/null > /dev/null; do kill -0 $!; done\n"


def test_the_image_runs_as_a_numeric_user_with_the_files_own_command_and_its_health_check_is_well(build):
    done = build.run(started(build) + f"id -u; {shlex.join(build.image.health)}")
    assert done.returncode == 0, done.stdout + done.stderr
    uid, up = done.stdout.splitlines()
    assert uid == "10001"
    assert up.startswith("up: http://127.0.0.1:8641 says")


def test_the_health_check_follows_the_servers_port_and_tls(build):
    variables = {"MOCKFACE_PORT": "80", "MOCKFACE_TLS": "auto", "MOCKFACE_TLS_PORT": "443"}
    done = build.run(started(build) + shlex.join(build.image.health), **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["http://127.0.0.1:80", "https://127.0.0.1:443"]


def test_the_health_check_says_no_where_nothing_runs(build):
    done = build.run(shlex.join(build.image.health))
    assert done.returncode == 1
    assert "down: http://127.0.0.1:8641" in done.stderr


def test_process_1_obeys_sigterm_at_once_and_ends_well(build):
    command = shlex.join(build.image.entrypoint + build.image.command)
    script = f"""
    stop() {{
        until mockface health > /dev/null 2>&1; do :; done
        tr '\\0' ' ' < /proc/1/cmdline >&2
        date +%s.%N >&2
        kill -TERM 1
    }}
    stop &
    exec {command} > /dev/null
    """
    done = build.run(script)
    ended = time.time()
    assert done.returncode == 0, done.stderr
    told, began = done.stderr.rstrip().rsplit(None, 1)
    assert told.endswith("mockface serve")
    assert ended - float(began) < 2


def test_scenario_files_on_the_mount_are_read_and_an_empty_mount_is_not_missed(build):
    ask = "curl -s http://127.0.0.1:8641/_mockface/scenarios/110110199907010018"
    assert "team.yaml" not in build.run(started(build) + ask).stdout
    file = build.root / "scenarios" / "team.yaml"
    file.write_text('scenarios: { "110110199907010018": { similarity: 92.5 } }\n', encoding="utf-8")
    try:
        done = build.run(started(build) + ask)
    finally:
        file.unlink()
    assert "scenarios/team.yaml" in done.stdout, done.stdout + done.stderr


def test_nothing_that_installs_or_compiles_is_in_the_environment(build):
    there = {file.name for file in (build.root / "opt" / "mockface" / "bin").iterdir()}
    assert "mockface" in there
    assert not [name for name in there if name.startswith(("pip", "hatch", "wheel", "easy_install"))]
    packages = next((build.root / "opt" / "mockface" / "lib").glob("python*/site-packages"))
    assert not [path.name for path in packages.iterdir() if re.match(r"(pip|setuptools|hatchling|wheel)\b", path.name)]


def test_the_folders_that_are_mounted_belong_to_whom_they_must(build):
    assert (build.root / "certs").stat().st_uid == 10001
    assert (build.root / "scenarios").stat().st_uid == 0
    assert not (build.root / "scenarios").stat().st_mode & stat.S_IWOTH


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


def test_the_services_of_compose_do_what_they_are_for_with_their_own_commands_and_variables(build):
    services = COMPOSE["services"]
    client = services["client"]
    trust = " ".join(f"{name}={build.rooted(value)}" for name, value in client["environment"].items())
    script = (
        build.rooted(shlex.join(build.image.entrypoint + services["certificates"]["command"]))
        + " > /dev/null\n"
        + started(build)
        + f"env {trust} {shlex.join(client['entrypoint'])}"
    )
    aliases = " ".join(services["mockface"]["networks"]["default"]["aliases"])
    done = build.run(script, hosts=aliases, **services["mockface"]["environment"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "requests trusts it" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("a client here reaches mockface")
    keys = [file for file in (build.root / "certs").iterdir() if "key" in file.name]
    assert [(file.stat().st_uid, stat.S_IMODE(file.stat().st_mode)) for file in keys] == [(10001, 0o600)] * 2


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


def test_a_release_is_published_by_trusted_publishing_on_a_tag_and_only_after_the_tests():
    made = workflow("release.yml")
    assert made["on"] == {"push": {"tags": ["v*"]}}
    publish = made["jobs"]["publish"]
    assert publish["permissions"] == {"id-token": "write"}
    assert publish["environment"]["name"] == "pypi"
    assert publish["needs"] == "build"
    assert not [step for step in publish["steps"] if "password" in json.dumps(step)]


def test_the_image_is_run_read_only_and_its_own_health_check_awaited():
    text = "\n".join(step.get("run", "") for step in steps("image.yml"))
    assert "--read-only" in text
    assert ".State.Health.Status" in text
