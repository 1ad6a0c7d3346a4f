"""The guides of containers, TLS and DNS, and troubleshooting: what they show that is no plain command is held here."""

import json
import re
import subprocess
import sys

import click
import pytest
import yaml

from mockface import codes
from mockface.cli.group import main
from mockface.cli.tls import lines_for
from mockface.network import certificates
from mockface.settings import DEFAULT_TLS_PORT, TABLE, flag, variable
from tests.conftest import CLEAN_ENVIRONMENT
from tests.test_guides import DOCS, blocks, both, guide

TOP = DOCS.parent


def of_the_street(test):
    names = [
        f"{name}{end}" for name in ("containers", "tls-and-dns", "troubleshooting") for end in (".md", ".zh-CN.md")
    ]
    return pytest.mark.parametrize("name", names)(test)


@of_the_street
def test_every_command_flag_and_variable_that_is_named_exists(name):
    text = guide(name)
    tls = main.commands["tls"]
    assert isinstance(tls, click.Group)
    everything = {**main.commands, **tls.commands}
    options = {
        option
        for command in everything.values()
        for given in command.params
        for option in [*given.opts, *given.secondary_opts]
    }
    others = {"--rm", "--read-only", "--network", "--cacert"}  # of docker and curl
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]+", text)) <= options | others | {flag(row.name) for row in TABLE}
    assert set(re.findall(r"MOCKFACE_[A-Z_]+", text)) <= {variable(row.name) for row in TABLE}
    named = re.findall(r"(?:`|\$ (?:sudo )?|^)mockface ([a-z]+)", text, re.MULTILINE)
    assert set(named) <= set(main.commands)


@both("containers")
def test_the_compose_file_of_the_guide_is_the_one_of_the_repository(name):
    compose, service = blocks(name, "yml")
    assert compose == (TOP / "compose.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(service)["jobs"]["tests"]["services"]["mockface"]["ports"] == ["8641:8641"]


@pytest.mark.thorough
@both("tls-and-dns")
def test_the_sdk_sample_gets_through_with_mockface_as_its_proxy(name, server):
    (sample,) = blocks(name, "python")
    done = subprocess.run(
        [sys.executable, "-c", sample], env={**CLEAN_ENVIRONMENT, "http_proxy": server.url}, capture_output=True, text=True,
        check=True, timeout=30,
    )  # fmt: skip
    assert "'similarity': 100.0" in done.stdout


@both("tls-and-dns")
def test_the_figures_and_files_of_certificates_are_those_of_the_code(name):
    text = guide(name)
    assert {f"{certificates.CERTIFICATE_DAYS}", "825", "2048"} <= set(re.findall(r"\d+", text))
    assert certificates.CA_DAYS == 3650
    files = re.findall(r"^\| `([\w-]+\.pem)` \|", text, re.MULTILINE)
    assert files == [
        certificates.CA_FILE,
        certificates.CA_KEY_FILE,
        certificates.CERTIFICATE_FILE,
        certificates.KEY_FILE,
    ]
    lines = "\n".join("\n".join(given) for given in lines_for(TOP / "ca.pem").values())
    for told in re.findall(r"`((?:[A-Z]+_)+[A-Z]+)`", text.partition("NODE_EXTRA")[0][-400:]):
        assert told in lines


@both("troubleshooting")
def test_the_answers_of_the_guide_are_those_that_the_service_gives(name):
    told = [json.loads(answer) for answer in re.findall(r'`(\{"code".*?\})`', guide(name))]
    assert len(told) >= 7
    for answer in told:
        code = codes.PAGE.by_number[answer["code"]]
        assert answer["message"] in {code.message, codes.APPID_NOT_FOUND_MESSAGE}


@both("troubleshooting")
def test_the_port_that_the_guide_names_is_the_default(name):
    assert str(DEFAULT_TLS_PORT) in guide(name)
