"""`python -OO` strips docstrings and asserts; whoever runs mockface so sees what everybody sees."""

import json
import subprocess
import sys

import pytest

from tests.conftest import CLEAN_ENVIRONMENT

pytestmark = pytest.mark.thorough

TOLD = """
import json, os, sys, time
time.time = lambda: 1_700_000_000.0
import click
from click.testing import CliRunner
from starlette.testclient import TestClient
import mockface
from mockface.signature import hmac_sha1
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.cli.group import main

def commands(command, path):
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from commands(command.get_command(context, name), (*path, name))

helps = {
    " ".join(path): CliRunner().invoke(main, [*path, "--help"], prog_name="mockface").output
    for path in commands(main, ())
}
app = mockface.create_app()
signed = hmac_sha1.sign(
    TEST_ACCOUNT.appid, TEST_ACCOUNT.secret_id, TEST_ACCOUNT.secret_key, signed_at=1_699_999_990,
    expires_at=1_700_000_600, nonce=7, bucket="", resource="",
)
person = {"appid": TEST_ACCOUNT.appid, "idcard_number": "110110199909090909", "idcard_name": "张三"}
calls = {}
with TestClient(app) as client:
    for name, authorization, fields in (
        ("answered", signed, {"url": "http://example.com/face.jpg"}), ("refused", signed, {"image": "R0lGODlh"}),
        ("unreadable", "nonsense", {}),
    ):
        answer = client.post("/face/idcardcompare", json={**person, **fields}, headers={"Authorization": authorization})
        call = client.get("/_mockface/calls/" + answer.headers["X-Mockface-Request-Id"]).json()
        calls[name] = {"text": answer.text, "why": answer.headers.get("X-Mockface-Why"), **call["verdict"]}
sys.stdout.buffer.write(json.dumps([sys.flags.optimize, helps, app.openapi(), calls]).encode())
"""


def told(*flags):
    done = subprocess.run(
        [sys.executable, *flags, "-c", TOLD], capture_output=True, check=False, timeout=60,
        env={**CLEAN_ENVIRONMENT, "PYTHONOPTIMIZE": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def both():
    return told(), told("-OO")


def test_one_is_optimised_and_the_other_is_not(both):
    assert [flag for flag, *_ in both] == [0, 2]


def test_every_command_has_the_same_help(both):
    (_, plain, *_), (_, optimised, *_) = both
    assert {"", "serve", "tls", "tls init"} < set(plain)
    assert optimised == plain, "the text of a command is help=, no docstring"


def test_every_command_says_what_it_does(both):
    _, helps, *_ = both[1]
    mute = [name for name, text in helps.items() if text.split("\n\n")[1].startswith("Options:")]
    assert not mute, "give it a help="


def test_the_api_is_described_in_the_same_words(both):
    (_, _, plain, _), (_, _, optimised, _) = both
    assert optimised == plain, "routes have description=, models __doc__ = ..., no docstring"


def test_every_route_and_every_model_of_the_api_is_described(both):
    api = both[1][2]
    routes = {f"{verb} {path}": said for path, verbs in api["paths"].items() for verb, said in verbs.items()}
    mute = [name for name, said in {**routes, **api["components"]["schemas"]}.items() if not said.get("description")]
    assert not mute, "give the route a description=, the model a __doc__ = ..."


def test_calls_get_the_same_answer_and_verdict(both):
    plain, optimised = (calls for *_, calls in both)
    assert {call["code"]["number"] for call in plain.values()} == {0, 5, -4011}
    assert optimised == plain
