"""The line that is shown beside a mistake: without keys, without numbers and names of people who may be real."""

import pytest

from mockface.scenariofiles import reader
from mockface.scenariofiles.merged import Loaded

REAL, NAME = "310104198807215532", "欧阳婉清"


def told(text):
    loaded = Loaded()
    reader.read_text(loaded, "team.yaml", text)
    return "\n".join(map(str, loaded.diagnostics))


@pytest.mark.parametrize(
    "value",
    [
        "top-secret",
        '"top-secret"',
        "'top-secret'",
        '"top-secret',
        "top-secret # why",
        "[top-secret]",
        "{top-secret: 1}",
    ],
)
@pytest.mark.parametrize("field", ["secret_key", "secretkey", "SecretKey", '"secret_key"', "key"])
def test_a_key_is_not_shown(field, value):
    text = told(f'accounts:\n  - {{ appid: "1", secret_id: x, odd: 1, {field}: {value} }}\n')
    assert "team.yaml:" in text
    assert "top-secret" not in text


def test_a_key_that_is_a_number_is_not_shown():
    text = told('accounts:\n  - { appid: "1", secret_id: x, secret_key: 8273645 }\n')
    assert "secret_key is a number; expected a string" in text
    assert "8273645" not in text


@pytest.mark.parametrize("field", ["name", '"name"', "nmae"])
def test_a_number_that_may_be_a_persons_is_masked_with_what_stands_beside_it(field):
    text = told(f'scenarios:\n  "{REAL}": {{ {field}: {NAME}, similarty: 1 }}\n')
    assert '"310*************32"' in text
    assert NAME[:2] not in text


def test_the_caret_stands_under_the_mistake_all_the_same():
    _, source, caret = told(f'scenarios:\n  "{REAL}": {{ similarty: 1 }}\n').split("\n")
    assert source[caret.index("^") :].startswith("similarty")


def test_a_reserved_number_and_its_name_are_shown():
    text = told(f'scenarios:\n  "110110199907010026": {{ name: {NAME}, similarty: 100 }}\n')
    assert f'"110110199907010026": {{ name: {NAME}, similarty: 100 }}' in text
