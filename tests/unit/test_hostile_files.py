"""A hostile scenario file is refused soon and in words: nothing crashes, grows without bound, or speaks to a terminal."""

import json
import os
import subprocess
import sys
import time

import pytest

from mockface.control.added import AddedScenarios
from mockface.errors import BadScenario
from mockface.scenariofiles import reader
from mockface.scenariofiles.merged import Loaded, assemble
from mockface.scenariofiles.yaml.document import MISTAKE_LIMIT
from mockface.scenariofiles.yaml.limits import DEPTH_LIMIT
from mockface.scenarios.lookup import SHAPE_LIMIT
from mockface.scenarios.mint import Mint
from tests.making import ask, emulator, json_body

N = '"110110199907010018"'
M = '"110110199907010026"'


def read(text):
    """What a text holds, and the diagnostics about it; it takes one or two seconds of this process, or six on a busy machine."""
    began = time.process_time()
    loaded = Loaded()
    reader.read_text(loaded, "team.yaml", text)
    _, diagnostics = assemble(loaded, Loaded())
    printed = [str(diagnostic) for diagnostic in diagnostics]
    assert time.process_time() - began < 6, f"{time.process_time() - began:.1f} s"
    assert sum(map(len, printed)) < 200_000
    for line in "\n".join(printed).split("\n"):
        assert line.isprintable()
    return loaded, printed


DEEP = {
    "lists": "[" * 1_000_000,
    "mappings": "{a: " * 300_000,
    "blocks": "- " * 500_000,
    "keys": "? " * 500_000,
    "indented": "".join(" " * level + "a:\n" for level in range(1400)),
    "otherwise": f"scenarios: {{ {N}: " + "{code: 3, rate: 1, otherwise: " * 900 + "{code: 3}" + "}" * 901,
}


@pytest.mark.parametrize("kind", DEEP)
def test_deep_nesting_is_refused_and_does_not_end_the_process(kind):
    code = (
        "import sys; from mockface.scenariofiles import merged, reader; loaded = merged.Loaded();"
        "reader.read_text(loaded, 'team.yaml', sys.stdin.read()); print(loaded.diagnostics[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, input=DEEP[kind], capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr[-300:]
    assert f"nested more than {DEPTH_LIMIT} levels deep" in done.stdout


def test_an_alias_inside_what_it_names_is_refused():
    for text in (f"scenarios: {{ {N}: &a {{ code: 3, rate: 1, otherwise: *a }} }}", "&a [*a]", "&a { *a : 1 }"):
        _, (diagnostic,) = read(text)
        assert "*a is inside the value that it repeats" in diagnostic


TENFOLD = "".join(f"  - &x{level} [{', '.join([f'*x{level - 1}'] * 10)}]\n" for level in range(1, 10))
BOMBS = {
    "of lists": f"bomb:\n  - &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n{TENFOLD}",
    "of data": f"scenarios:\n  {N}: {{ code: 3, data: &a [{'1, ' * 9000}] }}\n"
    + "".join(f'  "11011019990701{at:03d}?": {{ code: 3, data: *a }}\n' for at in range(300)),
    "of steps": f"scenarios:\n  {N}: {{ sequence: &a [{'{code: 3}, ' * 1000}] }}\n"
    + "".join(f'  "11011019990701{at:03d}?": {{ sequence: *a }}\n' for at in range(300)),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_an_alias_bomb_is_refused_before_it_goes_off(kind):
    _, printed = read(BOMBS[kind])
    assert "aliases repeat more than 100000 values" in printed[0]


@pytest.mark.thorough
def test_aliases_in_honest_numbers_are_taken():
    more = "".join(f'  "1101101999{at:07d}?": *s\n' for at in range(2000))
    loaded, printed = read(f"scenarios:\n  {N}: &s {{ code: 3, status: 400 }}\n{more}")
    assert not printed
    assert len(loaded.scenarios) == 2001


def test_a_file_full_of_mistakes_names_the_first_hundred_only():
    wrong = "".join(f'  "11011019990{at:06d}?": {{ code: NO_FAEC }}\n' for at in range(3000))
    _, printed = read(f"scenarios:\n{wrong}")
    assert len(printed) == MISTAKE_LIMIT + 1
    assert "more than 100 mistakes" in printed[-1]


def test_warnings_do_not_end_the_reading():
    loaded = Loaded(1.7e9)
    lines = "".join(f'  "{number}": {{ code: 3 }}\n' for number in REAL[: MISTAKE_LIMIT + 50])
    reader.read_text(loaded, "team.yaml", f"scenarios:\n{lines}")
    assert len(loaded.scenarios) == MISTAKE_LIMIT + 50
    assert all(diagnostic.warning for diagnostic in loaded.diagnostics)


def _real():
    from mockface.idcard import check_digit

    return [first + check_digit(first) for first in (f"31010419880721{sequence:03d}" for sequence in range(300))]


REAL = _real()


@pytest.mark.long
def test_a_mistake_in_one_long_line_shows_the_piece_of_it_that_is_wrong():
    fields = ", ".join(f"similarty{at}: 1" for at in range(50_000))
    _, printed = read(f"scenarios:\n  {N}: {{ {fields} }}")
    assert all(len(diagnostic) < 600 for diagnostic in printed)
    place, source, caret = printed[99].split("\n")
    assert source[caret.index("^") :].startswith("similarty99: 1")
    assert place.startswith("team.yaml:2:")


def test_a_word_of_a_megabyte_is_cut_in_the_diagnostic():
    for text in ("k" * 1_000_000, f"? {'k' * 1_000_000}\n: 1", f"scenarios:\n  {N}: {{ ? {'k' * 1_000_000} : 1 }}"):
        _, printed = read(text)
        assert all(len(diagnostic) < 1000 for diagnostic in printed)


def test_patterns_in_too_many_shapes_are_refused():
    shapes = "".join(f'  "{bin(at)[2:].zfill(17).replace("0", "?")}?": {{ code: 3 }}\n' for at in range(2500))
    _, printed = read(f"scenarios:\n{shapes}")
    assert any("2500 different places" in diagnostic for diagnostic in printed)


@pytest.mark.thorough
def test_overlaps_without_number_name_the_first_hundred_only():
    pairs = "".join(f'  "?1{at:015d}0": {{ code: 3 }}\n  "1?{at:015d}0": {{ code: 3 }}\n' for at in range(3000))
    _, printed = read(f"scenarios:\n{pairs}")
    assert len(printed) == 100


def test_escapes_and_line_breaks_of_a_file_are_shown_and_not_obeyed():
    texts = (
        '"\\e[2J\\e]0;owned\\a": 1', f'scenarios: {{ {N}: {{ "x\\nmockface: no mistakes": 1 }} }}', "!<tag:%1B[31m> x",
        "a: \u202e b", 'a\u2028b: "1', f'scenarios: {{ {N}: {{ code: "\\u2028\\e[31m" }} }}',
    )  # fmt: skip
    for text in texts:
        _, printed = read(text)
        assert printed


def test_the_name_of_a_file_cannot_speak_to_the_terminal_either(tmp_path):
    for name in ("a\x1b[31m\nb.yaml", "\udcff.yaml"):
        file = tmp_path / name
        file.write_text(f"x: 1\nscenarios: {{ {N}: {{ code: 3 }} }}")
        loaded = reader.load([file, tmp_path / (name + "x")])
        for diagnostic in loaded.diagnostics:
            assert str(diagnostic).split("\n")[0].isprintable()
        assert len(loaded.diagnostics) == 2
        assert next(iter(loaded.scenarios.values())).origin.isprintable()
        file.unlink()


NUMBERS = {
    "hexadecimal": "0x" + "f" * 10_000,
    "sexagesimal": "1" + ":1" * 50_000,
    "decimal": "9" * 5000,
    "a tagged list": '!!int "["',
    "a tagged date": '!!int "2001-01-01"',
    "a tagged nothing": '!!int ""',
    "a tagged cycle": '!!bool "&a [*a]"',
    "a tagged word": "!!float abc",
    "without end": ".inf",
    "none": ".nan",
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_number_that_json_cannot_say_is_a_mistake(kind):
    _, printed = read(f"scenarios: {{ {N}: {{ code: 3, data: [{NUMBERS[kind]}] }} }}")
    (diagnostic,) = printed
    assert "which JSON cannot represent" in diagnostic


def test_values_that_json_can_say_are_taken_as_they_seem():
    own = emulator(
        f"scenarios: {{ {N}: {{ code: 3, data: [1.5, 1e3, 1.5E+3, 1e22, 5e-7, .5, +4, 0, 0.0, -7, true, True, FALSE, ~, "
        'null, "0123", "no", yesterday, y, n, 2001-01-01, 1.2.3, 0x, 12-30, "12:30", !!str 0123] } }'
    )
    answer = json.loads(ask(json_body(idcard_number="110110199907010018"), of=own).body)
    assert answer["data"] == [
        1.5, 1000.0, 1500.0, 1e22, 5e-7, 0.5, 4, 0, 0.0, -7, True, True, False, None,
        None, "0123", "no", "yesterday", "y", "n", "2001-01-01", "1.2.3", "0x", "12-30", "12:30", "0123",
    ]  # fmt: skip


def test_a_tag_of_python_builds_nothing_and_is_refused(tmp_path):
    trace = tmp_path / "owned"
    _, (diagnostic,) = read(f'scenarios: {{ {N}: {{ code: 3, data: !!python/object/apply:os.mkdir ["{trace}"] }} }}')
    assert "the tag !!python/object/apply:os.mkdir is not supported" in diagnostic
    assert not trace.exists()


def test_a_merge_key_is_a_mistake_that_is_named():
    _, (diagnostic,) = read(f"scenarios:\n  {N}: &a {{ code: 3 }}\n  {M}: {{ <<: *a, status: 200 }}")
    assert (
        "team.yaml:3:27: a merge key (<<) is not supported; name the fields, or repeat a whole value with an alias"
        in diagnostic
    )


def test_a_file_of_50_mb_a_folder_and_a_pipe_are_refused_in_words(tmp_path):
    big = tmp_path / "big.yaml"
    with big.open("wb") as file:
        file.truncate(50_000_000)
    os.mkfifo(tmp_path / "pipe.yaml")
    began = time.process_time()
    texts = [diagnostic.text for diagnostic in reader.load([big, tmp_path / "pipe.yaml"]).diagnostics]
    assert time.process_time() - began < 1
    assert texts[1] == "this file is larger than 16777216 bytes; split it"
    assert "this is a named pipe; expected a file" in texts[0]


def test_a_byte_order_mark_is_let_pass_and_utf_16_and_nul_are_named(tmp_path):
    for name, content in {
        "bom": b"\xef\xbb\xbfscenarios:\n",
        "nul": b"a: \0",
        "utf-16": "a: 1".encode("utf-16"),
    }.items():
        (tmp_path / f"{name}.yaml").write_bytes(content)
    assert reader.load([tmp_path / "bom.yaml"]).diagnostics == []
    assert "this is not valid YAML" in reader.load([tmp_path / "nul.yaml"]).diagnostics[0].text
    assert "not UTF-8" in reader.load([tmp_path / "utf-16.yaml"]).diagnostics[0].text


def _library():
    own = emulator()
    return AddedScenarios(own, own.scenarios.layers[0], Mint())


@pytest.mark.thorough
@pytest.mark.paced
def test_adding_thousands_of_patterns_takes_as_long_for_the_last_as_for_the_first():
    library = _library()
    began = time.process_time()
    for at in range(3000):
        library.add({"number": f"1101{at:013d}?", "code": 3})
    assert time.process_time() - began < 3


def test_patterns_in_too_many_shapes_are_refused_at_run_time_too():
    library = _library()
    shapes = [f"{bin(at)[2:].zfill(8).replace('0', '?')}00{at:07d}1" for at in range(SHAPE_LIMIT)]
    for number in shapes:
        library.add({"number": number, "code": 3})
    with pytest.raises(BadScenario, match="in 64 different places already"):
        library.add({"number": f"1???????00{99:07d}?", "code": 3})
    library.add({"number": shapes[0], "code": 15})
    library.remove(shapes[5])
    with pytest.raises(BadScenario, match="match a common number"):
        library.add({"number": shapes[1][:-1] + "?", "code": 3})
