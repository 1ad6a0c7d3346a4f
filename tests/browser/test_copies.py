"""The same call in other languages: the very text that the page shows is run, by each program that is at hand."""

import contextlib
import re
import subprocess
import sys

import pytest

from mockface.scenarios import family
from tests.conftest import CLEAN_ENVIRONMENT, GO_CACHE, LEAN_PYTEST, program

pytestmark = pytest.mark.thorough

NUMBER = family.number_for(5, 2, 803)
NAME = "张'三\"$`\\"
"""What every language quotes in its own way."""


def run(command, folder, **more):
    done = subprocess.run(
        command, cwd=folder, env={**CLEAN_ENVIRONMENT, "GOCACHE": str(GO_CACHE), "PYTHONIOENCODING": "utf-8", **more},
        capture_output=True, encoding="utf-8", timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def outcome(printed):
    """The HTTP status and the code in what a copy printed."""
    answer = re.search(r"(\d{3})\b[^{]*(\{.*\})", printed, re.DOTALL)
    assert answer, printed
    code = re.search(r'"code":(-?\d+)', answer[2])
    assert code, printed
    return int(answer[1]), int(code[1])


def run_curl(text, folder):
    program("curl")
    printed = run(["bash", "-c", text.replace("curl -i", "curl -sS -i")], folder)
    return outcome(printed[printed.index(" ") :])


def run_file(name, *command):
    def with_text(text, folder):
        (folder / name).write_text(text, encoding="utf-8")
        return outcome(
            run([program(command[0]) if command[0] != sys.executable else command[0], *command[1:], name], folder)
        )

    return with_text


def run_csharp(text, folder):
    (folder / "Call.cs").write_text(text, encoding="utf-8")
    run([program("mcs"), "-r:System.Net.Http.dll", "Call.cs"], folder)
    return outcome(run([program("mono"), "Call.exe"], folder))


RUNNERS = {
    "curl": run_curl,
    "Python": run_file("call.py", sys.executable),
    "Node": run_file("call.mjs", "node"),
    "Java": run_file("Call.java", "java"),
    "Go": run_file("call.go", "go", "run"),
    "PHP": run_file("call.php", "php"),
    "C#": run_csharp,
}


def send(page, form, broken=""):
    """Send a call by the page in this form; the folder's face.jpg is what a user would have saved."""
    page.get_by_label("ID number").fill(NUMBER)
    page.get_by_label("Name", exact=True).fill(NAME)
    if form != "url":
        page.locator("label:has(input[value=sample])").click()
        page.get_by_label("Sent as").select_option(form)
        page.locator(".preview canvas").wait_for()
    page.get_by_label("Signature").select_option(broken)
    page.get_by_role("button", name="Send the call").click()
    page.locator(".result .answered").first.wait_for()


@pytest.mark.parametrize("form", ["url", "file", "base64"])
def test_the_same_call_runs_in_every_language(visit, api, form, tmp_path):
    page = visit("try")
    send(page, form)
    if form != "url":
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save").click()
        saved.value.save_as(tmp_path / "face.jpg")
    for language, runs in RUNNERS.items():
        page.get_by_role("tab", name=language, exact=True).click()
        text = page.get_by_role("region", name=language, exact=True).inner_text()
        api.post("/_mockface/reset", {"journal": True})
        assert runs(text, tmp_path) == (200, -5803), text
        (told,) = api.get("/_mockface/calls")
        assert told["name"] == NAME, language
        assert told["form"] == {"url": "json url", "file": "multipart raw", "base64": "json base64"}[form]


def test_a_call_without_a_signature_is_copied_without_one(visit, api, tmp_path):
    page = visit("try")
    send(page, "url", "missing")
    for language in ("curl", "Python", "Node", "PHP"):
        page.get_by_role("tab", name=language, exact=True).click()
        text = page.get_by_role("region", name=language, exact=True).inner_text()
        assert "Authorization" not in text
        assert RUNNERS[language](text, tmp_path) == (400, 4)


@pytest.mark.parametrize(
    ("number", "form"),
    [(NUMBER, "json-url"), (family.number_for_similarity(74.9), "multipart"), (NUMBER, "json-base64"),
     (family.number_for(3, 1, 101), "json-url"), (family.number_for(3, 1, 106), "json-url")],
)  # fmt: skip
def test_the_copy_as_pytest_is_a_test_that_passes_and_fails_for_another_answer(
    visit, api, console, number, form, tmp_path
):
    from mockface.network.client import PHOTO

    authorization = api.post("/_mockface/sign", {})["authorization"]
    # One of the numbers breaks off: that call is copied too.
    with contextlib.suppress(Exception):
        api.call(form, number, "张三", authorization)
    page = visit(f"calls/{api.get('/_mockface/calls')[0]['id']}")
    page.get_by_role("tab", name="pytest").click()
    (tmp_path / "test_copied.py").write_text(page.locator(".copies pre").first.inner_text(), encoding="utf-8")
    (tmp_path / "face.png").write_bytes(PHOTO)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_copied.py"]
    assert "1 passed" in run(command, tmp_path, **LEAN_PYTEST)
    api.post("/_mockface/scenarios", {"number": number, "code": 21})
    done = subprocess.run(
        command, cwd=tmp_path, env={**CLEAN_ENVIRONMENT, **LEAN_PYTEST}, capture_output=True, text=True, check=False
    )
    assert "1 failed" in done.stdout
