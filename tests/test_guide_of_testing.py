"""The guide of testing is held to the handle and the plugin; its Java recipe is compiled and run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mockface import pytest_plugin
from mockface.testing import Mockface
from tests.conftest import CLEAN_ENVIRONMENT, HERE, LEAN_PYTEST, program
from tests.making import sign_now
from tests.test_guides import both, guide

TOP = HERE.parent

JUNIT = """package org.junit.jupiter.api;
import java.lang.annotation.*;
@Retention(RetentionPolicy.RUNTIME) public @interface {name} {{}}
"""
ASSERTIONS = """package org.junit.jupiter.api;
public class Assertions { public static void assertTrue(boolean so) { if (!so) throw new AssertionError(); } }
"""
MAIN = """public class Main {
    public static void main(String[] args) throws Exception {
        SignUpTest.start();
        try { new SignUpTest().aWrongNameIsTold(); } finally { SignUpTest.stop(); }
        System.out.println("passed");
    }
}
"""


@both("testing")
def test_the_table_of_the_handle_has_all_of_its_names(name):
    table = guide(name).partition("| `Mockface(**settings)`")[2].partition("\n\n")[0]
    told = set(re.findall(r"^\| `(?:Mockface\.)?(\w+)", table, re.MULTILINE)) | {"port", "ca_file"}
    # port and ca_file stand in the rows of url and https_url, start and stop in that of the constructor, strict and count_into belong to the plugin.
    public = {one for one in vars(Mockface) if not one.startswith("_")} - {
        "start",
        "stop",
        "strict",
        "all_called",
        "count_into",
    }
    assert told == public


@both("testing")
def test_the_tables_of_the_plugin_have_all_fixtures_and_options(name):
    assert set(re.findall(r"^\| `(\w+)` \| (?:function|session) \|", guide(name), re.MULTILINE)) == {
        one for one in vars(pytest_plugin) if one.startswith("mockface")
    }
    source = Path(pytest_plugin.__file__).read_text(encoding="utf-8")
    declared = set(re.findall(r'addoption\(\s*"(--[a-z-]+)"', source))
    assert set(re.findall(r"^\| `(--mockface-[a-z-]+)", guide(name), re.MULTILINE)) == declared


@pytest.mark.thorough
@both("testing")
def test_the_java_recipe_compiles_and_passes(name, tmp_path):
    program("javac")
    api = tmp_path / "org" / "junit" / "jupiter" / "api"
    api.mkdir(parents=True)
    for annotation in ("Test", "BeforeAll", "AfterAll"):
        (api / f"{annotation}.java").write_text(JUNIT.format(name=annotation), encoding="utf-8")
    (api / "Assertions.java").write_text(ASSERTIONS, encoding="utf-8")
    (tmp_path / "Main.java").write_text(MAIN, encoding="utf-8")
    for file, content in re.findall(r"^```java\n// (\S+)\n(.*?)^```", guide(name), re.MULTILINE | re.DOTALL):
        (tmp_path / file).write_text(content, encoding="utf-8")
    files = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.java")]
    subprocess.run([program("javac"), "-encoding", "UTF-8", *files], cwd=tmp_path, check=True, timeout=60)
    environment = {
        **CLEAN_ENVIRONMENT, "MOCKFACE_AUTHORIZATION": sign_now(),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip
    done = subprocess.run(
        [program("java"), "Main"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == "passed\n", done.stderr


@pytest.mark.parametrize(
    ("page", "language"),
    [
        ("for-python-testers", "python"),
        ("for-frontend", "js"),
        ("for-frontend", "html"),
        ("testing", "python"),
        ("testing", "js"),
        ("testing", "java"),
        ("liveness", "python"),
    ],
)
def test_the_code_is_the_same_in_both_languages(page, language):
    def code(name):
        return re.findall(rf"^```{language}\n.*?^```", guide(name), re.MULTILINE | re.DOTALL)

    assert code(f"{page}.md") == code(f"{page}.zh-CN.md") != []


SIGN_UP = """
from mockface.network import client
from mockface.testing import Mockface

def sign_up(url, number, name):
    with Mockface.connect(url) as m:
        return client.Client(url).call("json-url", number, name, m.sign()).body.startswith(b'{"code":0,')

"""


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_sample_of_the_readme_passes(name, tmp_path):
    (sample,) = re.findall(r"^```python\n(.*?)^```", (TOP / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (tmp_path / "test_readme.py").write_text(SIGN_UP + sample, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"], cwd=tmp_path,
        env={**CLEAN_ENVIRONMENT, **LEAN_PYTEST}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "1 passed" in done.stdout, done.stdout
