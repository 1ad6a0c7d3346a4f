"""The table of codes against the page, and the rest of the package against the table."""

import ast
import re
from pathlib import Path

import mockface
from mockface import codes
from mockface.operations import OPERATIONS

PACKAGE = Path(mockface.__file__).parent
PAGE = """
3 4 5 6 9 10 11 12 13 14 15 16 21 23 24 107 108 213 -4006 -4007 -4009 -4010 -4011 -4012 -4015 -4016 -4017 -4018 -5001
-5002 -5005 -5007 -5008 -5009 -5010 -5011 -5012 -5013 -5014 -5015 -5016 -5801 -5802 -5803 -5804 -5805 -5809 -5817
"""


def test_the_table_has_the_codes_of_the_page_in_its_order_and_0():
    assert [code.number for code in codes.TABLE] == [0, *map(int, PAGE.split())]


def test_every_code_has_its_own_name_and_both_meanings():
    assert len(codes.PAGE.by_name) == len(codes.TABLE)
    for code in codes.TABLE:
        assert code.meaning_en
        assert re.search(r"[\u4e00-\u9fff]", code.meaning_zh)
        assert not re.search(r"[,;()]", code.meaning_zh), "Chinese takes ，；（）"


def test_no_meaning_tells_what_only_some_answers_of_its_code_mean():
    assert (codes.BAD_REQUEST.meaning_en, codes.BAD_REQUEST.meaning_zh) == ("bad request", "错误的请求")
    assert not any("errorno" in code.meaning_en + code.meaning_zh for code in codes.TABLE)


def test_invented_messages_speak_in_the_style_of_the_seen_ones():
    for code in codes.TABLE[1:]:
        assert isinstance(code.number, int)
        style = r"[A-Z][A-Z0-9_]+" if code.number < 0 else r"[a-z][a-z ]+"
        assert re.fullmatch(style, code.message), code


def test_statuses_are_as_seen_or_assumed():
    unauthorised = {6, 9, 10, 11, 12, 13, 14}
    special = {0: 200, 23: 413, 24: 403, 107: 500, 108: 500, 213: 500}
    for code in codes.TABLE:
        assert isinstance(code.number, int)
        expected = special.get(code.number, 401 if code.number in unauthorised else 400 if code.number > 0 else 200)
        assert code.status == expected, code


def test_what_raises_a_code_is_a_check_that_exists():
    image_api = [one for one in OPERATIONS if not one.action]
    known = {check.name for one in image_api for mode in ("shape", "verify") for check in one.checks[mode]}
    other = {codes.SCENARIO, "request_framed", "default for malformed numbers", "scenario's name"}
    every = {code for one in image_api for code in one.codes}
    for code in every:
        assert set(code.raised_by) <= known | other, code
    missing = known - {name for code in every for name in code.raised_by}
    assert not missing, f"name in raised_by of the code that it answers: {missing}"


def test_no_other_module_writes_a_code_as_a_number():
    every = [code.number for code in codes.TABLE if isinstance(code.number, int)]
    numbers = {number for number in every if number <= -4006 or number in (107, 108, 213)}
    for file in PACKAGE.rglob("*.py"):
        if file.name == "codes.py":
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found = {ast.literal_eval(node) for node in ast.walk(tree) if isinstance(node, ast.UnaryOp | ast.Constant)
                 and isinstance(getattr(node, "operand", node), ast.Constant)
                 and isinstance(getattr(getattr(node, "operand", node), "value", None), int)
                 and not isinstance(getattr(node, "op", None), ast.Not | ast.Invert)}  # fmt: skip
        assert not numbers & found, file
