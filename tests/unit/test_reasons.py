"""A sentence for people is written once, in both languages, with holes for its values."""

import ast
import copy
import re
from pathlib import Path
from string import Formatter

import pytest

import mockface
from mockface.reasons import Reason, Said, chinese, joined, masked, words

ENDED = Reason("it ended at {end}, {late} s before {now}", "在 {end} 过期，比 {now} 早 {late} 秒")
TOLD = Reason("Authorization: {why}", "Authorization：{why}")


def starred(text):
    return text.replace("secret", "***")


def test_a_sentence_is_its_english_and_knows_its_chinese():
    said = ENDED.of(end=5, late=2, now=7)
    assert said == "it ended at 5, 2 s before 7"
    assert chinese(said) == "在 5 过期，比 7 早 2 秒"


def test_a_sentence_within_a_sentence_is_in_its_language_too():
    said = TOLD.of(why=ENDED.of(end=5, late=2, now=7))
    assert said == "Authorization: it ended at 5, 2 s before 7"
    assert said.zh == "Authorization：在 5 过期，比 7 早 2 秒"


def test_a_copy_knows_its_chinese_too():
    assert copy.deepcopy(ENDED.of(end=5, late=2, now=7)).zh == "在 5 过期，比 7 早 2 秒"


def test_words_without_holes_may_hold_braces():
    assert words("a , or }", "逗号 , 或 }").zh == "逗号 , 或 }"


def test_what_is_joined_is_parted_as_each_language_parts_it():
    said = joined((words("none", "无"), "url"))
    assert (said, said.zh) == ("none, url", "无、url")


def test_a_value_and_what_was_cut_are_the_same_in_both_languages():
    assert chinese("/face") == "/face"
    assert not isinstance(ENDED.of(end=5, late=2, now=7)[:9], Said)


def test_a_mask_hides_a_value_in_both_languages():
    told = masked(TOLD.of(why=ENDED.of(end="a secret", late=2, now=7)), starred)
    assert told == "Authorization: it ended at a ***, 2 s before 7"
    assert chinese(told) == "Authorization：在 a *** 过期，比 7 早 2 秒"


def test_what_is_hidden_across_values_leaves_no_value_in_chinese():
    told = masked(Reason("{a}{b}", "{b}之后是 {a}").of(a="sec", b="ret"), starred)
    assert (told, chinese(told)) == ("***", "***之后是 ***")


def test_a_line_may_be_cut_in_english_alone():
    told = masked(ENDED.of(end=5, late=2, now=7), starred, lambda text: text[:8] + "...")
    assert (told, chinese(told)) == ("it ended...", "在 5 过期，比 7 早 2 秒")


def written():
    """Every pair of texts that the package writes as a Reason or as words."""
    for file in sorted(Path(mockface.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            named = node.func.id
            if named in ("Reason", "words") and all(isinstance(one, ast.Constant) for one in node.args):
                yield pytest.param(
                    named,
                    *(one.value for one in node.args if isinstance(one, ast.Constant)),
                    id=f"{file.stem}:{node.lineno}",
                )


def holes(template):
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize(("named", "english", "told"), list(written()))
def test_both_languages_of_a_sentence_say_the_same_values(named, english, told):
    assert english.replace("…", "").isascii()
    if named == "Reason":
        assert holes(english) == holes(told)
        assert all(holes(english)), "holes have names"
    assert re.search("[一-鿿]", told) or not re.search("[a-z]{3,} [a-z]{3,}", english), told
