"""What an editor and help() find: every documented name, and keywords that are those of the tables."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import get_args, get_type_hints

import pytest

import mockface
import mockface.testing
from mockface.errors import ApiError, BadValue, CannotListen, ScenarioMistakes, Unknown, Unreachable
from mockface.settings import TABLE
from mockface.testing import CallFilters, SettingFields
from mockface.testing.calls import FILTERS
from mockface.testing.server.elsewhere import Elsewhere
from tests.conftest import CLEAN_ENVIRONMENT


def test_every_exception_of_the_handle_comes_from_the_package_of_the_handle():
    assert mockface.testing.CannotListen is CannotListen
    assert mockface.testing.ScenarioMistakes is ScenarioMistakes
    assert mockface.testing.Unreachable is Unreachable
    assert mockface.testing.ApiError is ApiError


@pytest.mark.parametrize("name", mockface.testing.__all__)
def test_every_exported_name_can_be_imported_and_says_what_it_is(name):
    assert getattr(mockface.testing, name).__doc__


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'Pictures'"):
        _ = mockface.testing.Pictures


def test_the_keywords_of_a_handle_are_the_settings_and_their_choices():
    assert set(SettingFields.__annotations__) == {row.name for row in TABLE} - {"ready_file"}
    types = get_type_hints(SettingFields)
    for row in TABLE:
        choices = row.metadata.get("choices")
        assert not choices or get_args(types[row.name]) == choices


def test_the_keywords_of_a_verification_are_what_calls_are_asked_for_by():
    assert tuple(CallFilters.__annotations__) == FILTERS


@pytest.mark.parametrize(("setting", "given"), [("hosts", "a.example"), ("cors_origins", "http://a"), ("hosts", ["a"])])
def test_a_setting_of_several_may_be_given_alone(setting, given):
    with mockface.testing.Mockface(**{setting: given}) as m:
        assert m.calls == []


def test_help_of_the_package_leads_to_the_handle_the_fixture_and_the_commands():
    done = subprocess.run(
        [sys.executable, "-c", "import mockface; help(mockface)"], capture_output=True, text=True, check=True,
        env=CLEAN_ENVIRONMENT,
    )  # fmt: skip
    for word in ("mockface.testing", "with Mockface() as m:", "fixture", "mockface serve"):
        assert word in done.stdout
    assert mockface.__all__ == ["__version__", "create_app"]


@pytest.mark.thorough
@pytest.mark.paced
def test_type_checkers_know_the_keywords(tmp_path):
    (tmp_path / "use.py").write_text(
        "from mockface.testing import CannotListen, Mockface, picture\n"
        "m = Mockface(signature='verify', scenarios='a.yaml')\n"
        "m.verify(code=15, form='json url')\n"
        "m.verify_in_order(m.add(), (m.add(), {'code': 15}))\n"
        "picture('png', size=10_000)\n"
        "Mockface(signatur='verify')\n"
        "m.verify(colour='red')\n"
        "picture('tiff')\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file=", "--strict", "use.py"], cwd=tmp_path, capture_output=True,
        text=True, check=False, timeout=120, env=CLEAN_ENVIRONMENT,
    )  # fmt: skip
    wrong = [line.split(":")[1] for line in done.stdout.splitlines() if ": error:" in line]
    assert wrong == ["6", "7", "8"], done.stdout


def test_durations_are_read_without_the_library_of_scenario_files():
    done = subprocess.run(
        [
            sys.executable, "-c",
            "import sys; from mockface.testing import Mockface\n"
            "with Mockface() as m:\n"
            "    m.clock.advance('2s'); m.verify(times=0, within='10ms')\n"
            "print('yaml' in sys.modules)",
        ],
        capture_output=True, text=True, check=True, env=CLEAN_ENVIRONMENT,
    )  # fmt: skip
    assert done.stdout == "False\n"


def test_every_exception_is_of_one_tree_and_says_what_was_learned():
    named = [getattr(mockface.testing, name) for name in mockface.testing.__all__]
    raised = {one for one in named if isinstance(one, type) and issubclass(one, BaseException)}
    assert all(issubclass(one, mockface.testing.MockfaceError) for one in raised)
    assert len(raised) == 12
    with mockface.testing.Mockface() as m:
        with mockface.testing.Mockface.connect(m.url) as elsewhere:
            assert isinstance(elsewhere._server, Elsewhere)
            with pytest.raises(ApiError) as refused:
                elsewhere._server._api.get("/_mockface/calls/none")
        assert (refused.value.status, "none" in refused.value.reason) == (404, True)
        with pytest.raises(mockface.testing.BadScenario) as bad:
            m.add(similarity=101)
        assert len(bad.value.mistakes) == 1


@pytest.mark.parametrize(
    "raised",
    [ApiError(404, "no such call"), ApiError(422, "GET /: no", ["no"]), mockface.testing.BadScenario("one", "two"),
     ScenarioMistakes(["a", "b"]), BadValue("no time"), Unknown("no call x is remembered")],
)  # fmt: skip
def test_an_exception_comes_through_to_another_process_as_it_was(raised):
    again = pickle.loads(pickle.dumps(raised))
    assert (type(again), str(again), vars(again)) == (type(raised), str(raised), vars(raised))


@pytest.mark.parametrize("name", ["times", "at_least", "at_most"])
def test_fewer_calls_than_none_cannot_be_wanted(name):
    with mockface.testing.Mockface() as m:
        verify: Callable[..., object] = m.verify
        with pytest.raises(ValueError, match=f"{name} is -1; expected 0 or more"):
            verify(**{name: -1})
