"""Scenario files: what is taken, and that every mistake is named with its place and the nearest right thing."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockface.scenariofiles import reader
from mockface.scenariofiles.diagnostic import Diagnostic
from mockface.scenariofiles.files import shipped_folder
from mockface.scenariofiles.merged import Loaded, assemble


def mistakes(text, file="team.yaml"):
    loaded = Loaded()
    reader.read_text(loaded, file, textwrap.dedent(text))
    _, diagnostics = assemble(loaded, Loaded())
    return [str(diagnostic).splitlines()[0] for diagnostic in diagnostics]


def only(text):
    (mistake,) = mistakes(text)
    return mistake


N = '"110110199907010018"'
M = '"110110199907010026"'
CASES = {
    "an unquoted number": ("scenarios:\n  110110199907010018: { similarity: 1 }", "team.yaml:2:3: ", "not quoted"),
    "a short number": ('scenarios:\n  "11011": { similarity: 1 }', "team.yaml:2:3: ", "it has 5 characters"),
    "a letter in a number": ('scenarios:\n  "11011019990701A010": { similarity: 1 }', "team.yaml:2:3: ", "unexpected 'A'"),
    "an unknown field": (f"scenarios:\n  {N}: {{ similarty: 1 }}", "team.yaml:2:27: ", "did you mean similarity?"),
    "an unknown section": ("scenario: {}", "team.yaml:1:1: ", "did you mean scenarios?"),
    "an unknown default": ("default: { wellformed: { code: 3 } }", "team.yaml:1:12: ", "did you mean well_formed?"),
    "an unknown code": (f"scenarios:\n  {N}: {{ code: -5830 }}", "team.yaml:2:33: ", "did you mean -580"),
    "an unknown code name": (f"scenarios:\n  {N}: {{ code: NAME_MISSMATCH }}", "2:33: ", "did you mean NAME_MISMATCH?"),
    "code 0": (f"scenarios:\n  {N}: {{ code: 0 }}", "2:33: ", "write similarity: 100.0"),
    "a similarity in words": (f"scenarios:\n  {N}: {{ similarity: high }}", "2:39: ", "a string (high); expected a plain number"),
    "a similarity over 100": (f"scenarios:\n  {N}: {{ similarity: 101 }}", "2:39: ", "0 to 100"),
    "a similarity that is no number": (f"scenarios:\n  {N}: {{ similarity: .nan }}", "2:39: ", "such as 92.5"),
    "data that JSON cannot say": (f"scenarios:\n  {N}: {{ code: 3, data: [.inf] }}", "2:43: ", "JSON cannot represent"),
    "a status out of range": (f"scenarios:\n  {N}: {{ code: 3, status: 99 }}", "2:44: ", "200 to 599"),
    "a name that is a number": (f"scenarios:\n  {N}: {{ similarity: 1, name: 5 }}", "2:48: ", "expected a string"),
    "both outcomes": (f"scenarios:\n  {N}: {{ similarity: 1, code: 3 }}", "2:3: ", "both similarity and code"),
    "no outcome": (f"scenarios:\n  {N}: {{ name: 张三 }}", "2:3: ", "neither similarity nor code"),
    "a list for a scenario": (f"scenarios:\n  {N}: [1]", "2:25: ", "a list; expected a mapping"),
    "scenarios as a list": ("scenarios: [1]", "1:12: ", "scenarios is a list"),
    "a key twice": (f"scenarios:\n  {N}: {{ similarity: 1 }}\n  {N}: {{ code: 3 }}", "3:3: ", "the first is in line 2"),
    "a field twice": (f"scenarios:\n  {N}: {{ similarity: 1, similarity: 2 }}", "2:42: ", "similarity is given twice"),
    "digits that nothing reads": ('scenarios:\n  "11011019990701###?": { code: 3 }', "2:3: ", "nothing reads its digits"),
    "nothing to read digits from": (f"scenarios:\n  {N}: {{ similarity: {{ digits_times: 1 }} }}", "2:3: ", "needs #"),
    "a word for digits_times": (
        'scenarios:\n  "11011019990701###?": { similarity: { digit_times: 1 } }', "2:41: ", "digits_times"),
    "a sequence beside a code": (f"scenarios:\n  {N}: {{ code: 3, sequence: [{{ code: 4 }}] }}", "2:3: ", "beside code"),
    "an empty sequence": (f"scenarios:\n  {N}: {{ sequence: [] }}", "2:37: ", "a list of steps"),
    "a step of nothing": (f"scenarios:\n  {N}: {{ sequence: [{{ delay: 1s }}] }}", "2:38: ", "neither similarity nor code"),
    "a sequence in a step": (f"scenarios:\n  {N}: {{ sequence: [{{ sequence: [] }}] }}", "2:40: ", "a step has no field"),
    "an unknown then": (f"scenarios:\n  {N}: {{ sequence: [{{ code: 3 }}], then: again }}", "2:58: ", "then has no again"),
    "then without a sequence": (f"scenarios:\n  {N}: {{ code: 3, then: loop }}", "2:3: ", "then needs a sequence"),
    "a delay without a unit": (f"scenarios:\n  {N}: {{ code: 3, delay: 3 }}", "2:43: ", "such as 300ms, 3s or 2m"),
    "a delay of a day": (f"scenarios:\n  {N}: {{ code: 3, delay: 1440m }}", "2:43: ", "at most 1h"),
    "an unknown delay": (f"scenarios:\n  {N}: {{ code: 3, delay: {{ unform: [1s, 2s] }} }}", "2:45: ", "mean uniform?"),
    "a uniform delay of one": (f"scenarios:\n  {N}: {{ code: 3, delay: {{ uniform: [1s] }} }}", "2:54: ", "[100ms, 2s]"),
    "a uniform delay upside down": (f"scenarios:\n  {N}: {{ code: 3, delay: {{ uniform: [2s, 1s] }} }}", "2:54: ", "longer"),
    "a lognormal delay without its maximum": (
        f"scenarios:\n  {N}: {{ code: 3, delay: {{ lognormal: {{ median: 1s, sigma: 1 }} }} }}", "2:56: ", "needs max"),
    "an unknown fault": (f"scenarios:\n  {N}: {{ fault: truncated }}", "2:34: ", "did you mean truncate?"),
    "a fault that ASGI cannot make": (f"scenarios:\n  {N}: {{ fault: reset }}", "2:34: ", "the nearest is drop"),
    "a connection that is refused": (
        f"scenarios:\n  {N}: {{ fault: refuse }}", "2:34: ", "point the client at a port where nothing listens; the nearest fault is drop"),
    "a fault with a setting that it has not": (f"scenarios:\n  {N}: {{ fault: {{ drop: 5 }} }}", "2:36: ", "only slow"),
    "a rate alone": (f"scenarios:\n  {N}: {{ code: 3, rate: 0.5 }}", "2:3: ", "belong together"),
    "a rate of 20": (f"scenarios:\n  {N}: {{ code: 3, rate: 20, otherwise: {{ code: 4 }} }}", "2:42: ", "0 to 1"),
    "an unknown state": (
        'accounts: [{ appid: "1", secret_id: k, secret_key: s, state: arears }]', "1:62: ", "did you mean arrears?"),
    "a rate limit in words": (
        'accounts: [{ appid: "1", secret_id: k, secret_key: s, rate_limit: fast }]', "1:67: ", "such as 5/s"),
    "patterns that overlap": (
        'scenarios:\n  "11011019990701001?": { code: 3 }\n  "1101101999070100?0": { code: 4 }', "team.yaml:3:3: ", "match a common number"),
    "a decimal comma in braces": (f"scenarios:\n  {N}: {{ similarity: 92,5 }}", "2:42: ", "write 92.5"),
    "a decimal comma": (f"scenarios:\n  {N}:\n    similarity: 92,5", "3:17: ", "a string (92,5); expected a plain number"),
    "a field like no other": (f"scenarios:\n  {N}: {{ zzz: 1, code: 3 }}", "2:27: ", "known are similarity, code, result, error, live"),
    "a merge key": (f"scenarios:\n  {N}: {{ <<: {{ code: 3 }} }}", "2:27: ", "a merge key (<<) is not supported"),
    "a scenario that is a number": (f"scenarios:\n  {N}: 90", "2:25: ", "expected a mapping: { similarity: 90 }"),
    "a scenario that is a code": (f"scenarios:\n  {N}: -5803", "2:25: ", "expected a mapping: { code: -5803 }"),
    "a scenario that is a code's name": (f"scenarios:\n  {N}: TOO_FREQUENT", "2:25: ", "{ code: TOO_FREQUENT }"),
    "a code in quotes": (f'scenarios:\n  {N}: {{ code: "-5803" }}', "2:33: ", "write -5803 without quotes"),
    "a code's name in small letters": (f"scenarios:\n  {N}: {{ code: too_frequent }}", "2:33: ", "mean TOO_FREQUENT?"),
    "a status in quotes": (f'scenarios:\n  {N}: {{ code: 3, status: "200" }}', "2:44: ", "200 (not quoted)"),
    "a status in words": (f"scenarios:\n  {N}: {{ code: 3, status: ok }}", "2:44: ", "such as 429"),
    "a status without a body": (f"scenarios:\n  {N}: {{ code: 3, status: 204 }}", "2:44: ", "has no body"),
    "an unchanged status": (f"scenarios:\n  {N}: {{ code: 3, status: 304 }}", "2:44: ", "has no body"),
    "a status before the answer": (f"scenarios:\n  {N}: {{ code: 3, status: 100 }}", "2:44: ", "200 to 599"),
    "a sequence of nothing": (f"scenarios:\n  {N}: {{ sequence: [] }}", "2:37: ", "sequence is an empty list"),
    "an empty similarity": (f"scenarios:\n  {N}: {{ similarity: {{}} }}", "2:39: ", "similarity is an empty mapping"),
    "an empty delay": (f"scenarios:\n  {N}: {{ code: 3, delay: {{}} }}", "2:43: ", "delay is an empty mapping"),
    "an empty fault": (f"scenarios:\n  {N}: {{ fault: {{}} }}", "2:34: ", "fault is an empty mapping"),
    "an empty name": (f'scenarios:\n  {N}: {{ code: 3, name: "" }}', "2:42: ", "leave it out, and any name will do"),
    "a lognormal delay upside down": (
        f"scenarios:\n  {N}: {{ code: 3, delay: {{ lognormal: {{ median: 2s, sigma: 1, max: 1s }} }} }}", "2:56: ", "below"),
    "data of another language": (
        f"scenarios:\n  {N}: {{ code: 3, data: [!!python/name:x y] }}", "2:43: ", "the tag !!python/name:x is not supported"),
    "an open brace": (f"scenarios:\n  {N}: {{ code: 3\n  {M}: {{ code: 3 }}", "2:25: ", "this { is not closed; a , or }"),
    "an open bracket at the end": (f"scenarios:\n  {N}: {{ sequence: [", "2:37: ", "this bracket is never closed"),
    "a missing comma": (f"scenarios:\n  {N}: {{ code: 3 name: x }}", "2:39: ", "a , or } is missing before this"),
    "an open quote": ('scenarios:\n  "110110199907010018: { code: 3 }', "2:3: ", "this quote is never closed"),
    "a quote that ends at the next": (
        f'scenarios:\n  {N}: {{ name: "x, code: 3 }}\n  {M}: {{ code: 3 }}', "2:33: ", "closed only at line 3, column 4"),
    "a TAB": (f"scenarios:\n  {N}:\n\tcode: 3", "3:1: ", "this is a TAB; indent with spaces"),
    "no blank behind a colon": (f"scenarios:\n  {N}:{{ code: 3 }}", "2:23: ", "a : needs a space after it"),
    "an @": (f"scenarios:\n  {N}: {{ name: @x, code: 3 }}", "2:33: ", "a value cannot begin with @; put it in quotes"),
    "a full-width colon": (f"scenarios:\n  {N}：{{ code: 3 }}", "2:23: ", "： is full-width; YAML needs :"),
    "a full-width colon in a field": (f"scenarios:\n  {N}: {{ code： 3 }}", "2:27: ", "： is full-width; YAML needs :"),
    "a full-width colon a line before": (f"scenarios：\n  {N}: {{ code: 3 }}", "2:23: ", "： is full-width; YAML needs :"),
    "full-width quotes": (
        "scenarios:\n  “110110199907010018”: { code: 3 }", "2:3: ", "“ ” are full-width; YAML needs \""),
    "a full-width comma": (f"scenarios:\n  {N}: {{ code: 3， name: 张三 }}", "2:40: ", "， is full-width; YAML needs ,"),
    "no YAML": ("scenarios: {", "team.yaml:", "this is not valid YAML"),
    "a tab": ("scenarios:\n\t- x", "team.yaml:2:1: ", "this is not valid YAML"),
    "a control character": ("scenarios: \x01", "team.yaml:", "this is not valid YAML"),
    "a Python object": ("scenarios: !!python/object/apply:os.system [x]", "1:12: ", "the tag !!python/object/apply:os.system"),
    "a text for the file": ("hello", "1:1: ", "expected a mapping"),
    "accounts as a mapping": ("accounts: { appid: 1 }", "1:11: ", "expected a list"),
    "an account without a key": ('accounts: [{ appid: "1", secret_id: k }]', "1:12: ", "needs secret_key"),
    "an account with an unquoted appid": ("accounts: [{ appid: 1, secret_id: k, secret_key: s }]", "1:21: ", "in quotes"),
    "an unknown field of an account": (
        'accounts: [{ appid: "1", secret_id: k, secretkey: s, secret_key: s }]', "1:40: ", "did you mean secret_key?"),
    "buckets as a word": (
        'accounts: [{ appid: "1", secret_id: k, secret_key: s, buckets: b }]', "1:64: ", "expected a list"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_named_with_its_place_and_what_would_work(case):
    text, place, what = CASES[case]
    mistake = only(text)
    assert place in mistake
    assert what in mistake


def test_every_mistake_of_a_file_is_named_at_once():
    found = mistakes("""\
        defaults: {}
        scenarios:
          "1": { similarity: 1 }
          "110110199907010018": { cod: 3, similarity: 200 }
          "110110199907010011": { code: nope }
        accounts: 5
    """)
    assert [mistake.split(":")[1] for mistake in found] == ["1", "3", "4", "4", "5", "6"]


def test_a_caret_stands_under_the_mistake_also_behind_chinese():
    loaded = Loaded()
    reader.read_text(loaded, "f.yaml", 'scenarios:\n  "110110199907010018": { name: 张三, simil: 1 }\n')
    text = str(loaded.diagnostics[0])
    source, caret = text.splitlines()[1:]
    assert source == '     2 |   "110110199907010018": { name: 张三, simil: 1 }'
    assert len(caret) - 1 == source.index("simil") + 2  # two characters take two columns each


def test_full_width_signs_in_text_are_nobodys_business():
    assert mistakes(f"scenarios:\n  {N}: {{ code: 3, name: 张，三, note: “四”： }}") == []
    assert "full-width" not in only(f"scenarios:\n  {N}: {{ code: 3, name: 张，三, nota: 1 }}")


def test_an_overlap_is_shown_with_its_line_and_a_caret():
    loaded = Loaded()
    text = 'scenarios:\n  "11011019990701001?": { code: 3 }\n  "1101101999070100?0": { code: 4 }\n'
    reader.read_text(loaded, "f.yaml", text)
    (diagnostic,) = assemble(loaded, Loaded())[1]
    assert str(diagnostic).splitlines()[1:] == ['     3 |   "1101101999070100?0": { code: 4 }', "           ^"]


def test_a_number_given_in_two_files_is_named_with_both():
    loaded = Loaded()
    for file in ("a.yaml", "b.yaml"):
        reader.read_text(loaded, file, f"scenarios: {{ {N}: {{ code: 3 }} }}")
    (diagnostic,) = loaded.diagnostics
    assert str(diagnostic).startswith("b.yaml:1:14: 110110199907010018 is given twice; the first is at a.yaml:1")


def test_empty_files_and_empty_sections_are_no_mistake():
    assert mistakes("") == mistakes("# nothing\n") == mistakes("scenarios:\ndefault:\naccounts:\n") == []


def test_an_alias_may_repeat_a_scenario_but_not_blow_up_data():
    assert mistakes(f'scenarios:\n  {N}: &s {{ code: 3 }}\n  "110110199907010026": *s') == []
    lines = ["scenarios:", f"  {N}:", "    similarity: 1", "    data:", "      a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"      a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "aliases repeat more than" in only("\n".join(lines))


def test_a_yaml_that_holds_itself_is_refused():
    assert mistakes(f"scenarios:\n  {N}: {{ similarity: 1, data: &a [*a] }}")


def test_data_keeps_the_types_of_json():
    loaded = Loaded()
    reader.read_text(
        loaded, "f", f"scenarios: {{ {N}: {{ code: 3, data: {{ a: [1, 1.5, true, null, 'x', 2020-01-01] }} }} }}"
    )
    assert loaded.scenarios[N.strip('"')].steps[0].data == {"a": [1, 1.5, True, None, "x", "2020-01-01"]}


def test_files_and_folders_are_read_and_a_missing_one_is_named(tmp_path):
    (tmp_path / "team" / "deep").mkdir(parents=True)
    (tmp_path / "team" / "a.yaml").write_text(f"scenarios: {{ {N}: {{ code: 3 }} }}", encoding="utf-8")
    (tmp_path / "team" / "deep" / "b.yml").write_text("default: { malformed: { code: 21 } }", encoding="utf-8")
    (tmp_path / "team" / "notes.txt").write_text("not: [read", encoding="utf-8")
    (tmp_path / "latin.yaml").write_bytes(b"# caf\xe9")
    (tmp_path / "empty").mkdir()
    loaded = reader.load([tmp_path / "team"])
    assert (len(loaded.scenarios), len(loaded.defaults), loaded.diagnostics) == (1, 1, [])
    diagnostics = reader.load([tmp_path / "latin.yaml", tmp_path / "none.yaml", tmp_path / "empty"]).diagnostics
    assert [diagnostic.text.split(";")[0].split(":")[0] for diagnostic in diagnostics] == [
        "there is no such file or folder", "this folder has no .yaml or .yml file", "this file is not UTF-8",
    ]  # fmt: skip
    assert all(isinstance(diagnostic, Diagnostic) for diagnostic in diagnostics)


def test_the_shipped_files_hold_no_mistake():
    assert reader.load([shipped_folder()]).diagnostics == []


@given(st.text(max_size=200))
def test_any_text_is_scenarios_or_diagnostics(text):
    loaded = Loaded()
    reader.read_text(loaded, "f.yaml", text)
    assert all(str(diagnostic) for diagnostic in loaded.diagnostics)
