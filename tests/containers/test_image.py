"""The image as it is built and run: what is in it, who it runs as, its health, its end."""

import json
import re

import pytest

from mockface import __version__
from tests.containers.engine import BASE, TOP, call, podman
from tests.making import NUMBER
from tests.test_guides import both, guide

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

# Run by the image's own Python: what is installed for it, and every file that stands outside the base image's Python.
INVENTORY = """
import importlib.metadata, json, os
here = "/opt/mockface"
print(json.dumps({
    "packages": sorted(f"{one.name}=={one.version}" for one in importlib.metadata.distributions()),
    "files": [os.path.join(at, name) for top in (here, "/usr/local/bin") for at, _, names in os.walk(top) for name in names],
    "folders": [os.path.join(at, name) for at, names, _ in os.walk(here) for name in names],
    "installers": [name for name in os.listdir(os.path.dirname(os.__file__) + "/site-packages") if "pip" in name],
}))
"""


@pytest.fixture(scope="module")
def inventory(image):
    python = "/opt/mockface/bin/python"
    return json.loads(podman("run", "--rm", "--network", "none", "--entrypoint", python, image, "-c", INVENTORY).stdout)


def megabytes(name):
    return int(podman("image", "inspect", "--format", "{{.Size}}", name).stdout) / 1e6


@both("containers")
def test_the_image_adds_no_more_to_its_base_than_the_guide_says(name, image):
    (said,) = re.findall(r"\b(\d+) MB", guide(name))
    assert megabytes(image) - megabytes(BASE) <= int(said)


def test_nothing_is_in_it_that_installs_compiles_tests_or_only_others_need(inventory):
    assert not inventory["installers"]
    names = {path.rpartition("/")[2] for path in inventory["files"]}
    assert "mockface" in names
    assert not [name for name in names if re.match(r"(pip[\d.]*$|hatch|wheel|easy_install|setuptools$|activate)", name)]
    assert not [name for name in names if re.search(r"\.(pyx|pxd|pyi|c|h|whl)$", name)]
    assert not [
        path for path in inventory["folders"] if path.endswith(("/tests", "/pip", "/setuptools", "/include/uv"))
    ]
    commands = {path.rpartition("/")[2] for path in inventory["files"] if path.startswith("/opt/mockface/bin/")}
    assert not [name for name in commands if not re.fullmatch(r"mockface|python[\d.]*", name)]
    assert not podman("image", "inspect", "--format", "{{json .Config.Env}}", BASE).stdout.count("MOCKFACE")


def test_its_modules_are_compiled_so_that_no_start_compiles_them_again(inventory):
    assert any(re.search(r"mockface/__pycache__/emulator\.\S+\.pyc$", path) for path in inventory["files"])


def test_the_list_of_packages_in_it_is_what_is_installed_each_as_the_constraints_pin_it(image, inventory):
    listed = podman("run", "--rm", "--entrypoint", "cat", image, "/opt/mockface/packages.txt").stdout.split()
    plain = [re.sub(r"[-_.]+", "-", line).lower() for line in listed]
    assert sorted(plain) == sorted(re.sub(r"[-_.]+", "-", one).lower() for one in inventory["packages"])
    pinned = {re.sub(r"[-_.]+", "-", line).lower() for line in (TOP / "constraints.txt").read_text("utf-8").split()}
    assert set(plain) - pinned == {re.sub(r"[-_.]+", "-", f"mockface=={__version__}")}


def test_it_serves_read_only_and_without_capabilities_as_user_10001_to_clients_outside(serving):
    assert serving.does("id", "-u").stdout.strip() == "10001"
    assert serving.does("touch", "/opt/mockface/file", check=False).returncode != 0
    assert call(serving.url(), idcard_number=NUMBER)["code"] == 0
    assert call(serving.url(), idcard_number="110110199905018032")["code"] == -5803


def test_the_folders_that_are_mounted_belong_to_whom_they_must(serving):
    said = serving.does("stat", "--format", "%u %a", "/certs", "/scenarios").stdout.splitlines()
    assert said == ["10001 755", "0 755"]


def test_process_1_is_mockface_itself(serving):
    assert re.search(r"mockface\0serve\0$", serving.does("cat", "/proc/1/cmdline").stdout)


def test_its_own_health_check_is_well_while_it_serves(serving):
    assert serving.health() == 0


def test_its_health_check_follows_the_servers_port_and_tls(run):
    variables = {"MOCKFACE_PORT": "80", "MOCKFACE_TLS": "auto", "MOCKFACE_TLS_PORT": "443"}
    given = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
    one = run("--read-only", "--sysctl", "net.ipv4.ip_unprivileged_port_start=0", *given)
    one.wait()
    assert one.health() == 0
    said = one.does("mockface", "health").stdout.splitlines()
    assert [line.split()[1] for line in said] == ["http://127.0.0.1:80", "https://127.0.0.1:443"]


def test_its_health_check_says_no_where_nothing_listens(run):
    one = run("--entrypoint", "sleep", command=("60",))
    assert one.health() == 1
    assert "down: http://127.0.0.1:8641" in one.does("mockface", "health", check=False).stderr


def test_it_obeys_sigterm_at_once_and_ends_well(run):
    one = run("--read-only")
    one.wait()
    podman("stop", "--time", "5", one.name)
    assert one.state("State.ExitCode") == "0", "what does not end within the time is killed: 137"


def test_a_volume_for_certificates_belongs_to_its_user(run):
    one = run("--read-only", "--volume", "/certs", command=("tls", "init", "/certs"))
    assert podman("wait", one.name).stdout.strip() == "0"
    assert "ca.pem" in podman("logs", one.name).stdout
