"""The page of what is frozen names all that there is: a name that goes, or comes without a word, fails here."""

import re
from pathlib import Path

import pytest

import mockface.testing
from mockface import pytest_plugin, settings
from mockface.scenariofiles.account_fields import ACCOUNT_FIELDS
from mockface.scenariofiles.step_fields import SCENARIO_FIELDS
from mockface.web.admin.framework import create_framework
from mockface.web.app import App
from tests.commands import COMMANDS
from tests.test_guides import both, guide


def section(name, at):
    """The sections of the page by their place: in both languages they stand in the same order."""
    return re.split(r"^## .*$", guide(name), flags=re.MULTILINE)[at]


def names(text):
    return set(re.findall(r"`([^`]+)`", text))


@both("frozen")
def test_commands_settings_and_fields_are_named_whole(name):
    commands = re.search(r"^\| \w+ \| (`assumptions`.*?)[;；]", section(name, 1), re.MULTILINE)
    assert commands
    assert names(commands[1]) == set(COMMANDS), "name it in docs/frozen.md, in both languages"
    assert set(re.findall(r"`(--[a-z-]+)`", section(name, 2))) == {settings.flag(row.name) for row in settings.TABLE}
    fields = {*SCENARIO_FIELDS, *ACCOUNT_FIELDS, "default", "well_formed", "malformed"}
    assert names(section(name, 3)) == fields


@pytest.mark.thorough
@both("frozen")
def test_the_routes_are_those_of_the_api(name):
    paths = create_framework(App(settings.Settings())).openapi()["paths"]
    known = {
        f"{verb.upper()} {path}" for path, verbs in paths.items() for verb in verbs if path.startswith("/_mockface")
    }
    assert names(section(name, 4)) == known, "name it in docs/frozen.md, in both languages"


@both("frozen")
def test_the_names_of_the_handle_and_the_plugin_are_those_of_the_code(name):
    exported, of_handle, fixtures, options = section(name, 5).split("\n- ")[1:]
    assert names(exported) - {"mockface.testing"} == set(mockface.testing.__all__)
    public = {one for one in vars(mockface.testing.Mockface) if not one.startswith("_")} - {"count_into"}
    assert names(of_handle) - {"Mockface"} == public
    assert names(fixtures) == {one for one in vars(pytest_plugin) if one.startswith("mockface")}
    declared = re.findall(r'addoption\(\s*"(--[a-z-]+)"', Path(pytest_plugin.__file__).read_text(encoding="utf-8"))
    assert names(options) == {*declared, "mockface", "mockface_strict", "mockface_all_called"}
