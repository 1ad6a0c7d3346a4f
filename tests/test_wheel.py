"""The wheel: built from this checkout, installed into an empty environment, run from an empty folder."""

import re
import subprocess
import sys
import venv
import zipfile

import pytest

from mockface.network import client
from tests.conftest import CLEAN_ENVIRONMENT, HERE, start
from tests.making import json_body
from tests.protocol.wire import exchange, request
from tests.test_guides import guide

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    # Without isolation: the build backend is among the development dependencies, nothing is fetched.
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(HERE.parent)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_the_scenarios_and_the_marker_of_its_types(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {f"mockface/scenariofiles/data/{file.name}" for file in (HERE.parent / "scenarios").glob("*.yaml")}
    assert shipped | {"mockface/py.typed"} <= names
    assert len(shipped) >= 2
    assert not any(name.startswith("tests/") for name in names)


def test_the_wheel_carries_every_file_of_the_console_and_nothing_of_its_tests(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    folder = HERE.parent / "mockface" / "web" / "console" / "static"
    files = {f"mockface/web/console/static/{file.name}" for file in folder.iterdir()}
    assert len(files) > 20
    assert files <= names
    assert not any("axe" in name or "node_modules" in name for name in names)


def test_the_installed_wheel_serves_from_an_empty_folder(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=False)
    empty = tmp_path / "empty"
    empty.mkdir()
    python = tmp_path / "env" / "bin" / "python"
    site = next((tmp_path / "env" / "lib").glob("python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    # Its dependencies come from this environment; mockface itself must be the wheel's.
    here = [path for path in sys.path if path.endswith("site-packages")]
    (site / "dependencies.pth").write_text("\n".join(here), encoding="utf-8")
    found = subprocess.run(
        [python, "-c", "import mockface; print(mockface.__file__)"],
        cwd=empty,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.startswith(str(site))
    server = start(command=(str(python), "-m", "mockface"), cwd=empty)
    try:
        assert exchange(server, request(json_body(idcard_number="110110199905018032"))).code == -5803
        page = client.Client(server.url).send("GET", "/", None, {"Accept": "text/html"})
        assert (page.status, b'src="_mockface/console/app.js"' in page.body) == (200, True)
    finally:
        assert server.stop() == 0
    assert list(empty.iterdir()) == []


def test_a_new_users_ten_lines_of_pytest_work_after_pip_installed_the_wheel(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=60)
    site = next((tmp_path / "env" / "lib").glob("python*/site-packages"))
    # What pip would fetch beside it (pytest, requests, its dependencies) comes from this environment.
    here = [path for path in sys.path if path.endswith("site-packages")]
    (site / "dependencies.pth").write_text("\n".join(here), encoding="utf-8")
    suite = tmp_path / "suite"
    suite.mkdir()
    sample = re.search(
        r"^```python\n# (test_signup.py)\n(.*?)^```", guide("for-python-testers.md"), re.MULTILINE | re.DOTALL
    )
    assert sample
    (suite / sample[1]).write_text(
        sample[2] + "    import mockface.testing as it; print(it.__file__)\n", encoding="utf-8"
    )
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "-s", "-W", "error", "-p", "no:cacheprovider"], cwd=suite, env=CLEAN_ENVIRONMENT,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "2 passed" in done.stdout, done.stdout + done.stderr
    assert str(site) in done.stdout
