"""What follows from the tables of the code is written by `make generate`, and is what it would write now."""

import pytest

from mockface import codes
from mockface.scenarios import family
from tools import generate


@pytest.mark.parametrize("path", dict.fromkeys(path for path, _ in generate.steps()), ids=lambda path: path.name)
def test_a_generated_file_is_what_make_generate_writes(path):
    for one, make in generate.steps():
        if one == path:
            text = path.read_text(encoding="utf-8")
            assert make(text) == text, "stale: run make generate"


def test_a_new_code_comes_into_every_place_by_its_row_alone(monkeypatch):
    new = codes.REGISTER_PHOTO_POOR._replace(number=-5999, name="NEW", message="ERROR_NEW", meaning_en="it is new")
    monkeypatch.setattr(codes, "TABLE", (*codes.TABLE, new))
    written = {path.name: make(path.read_text(encoding="utf-8")) for path, make in generate.steps() if path.name in (
        "codes.yaml", "codes.md")}  # fmt: skip
    assert '  "110110199905??999?": { code: -5999 } # it is new' in written["codes.yaml"]
    assert f"| -5999 | 200* | `ERROR_NEW`* | it is new | `{family.number_for_code(new)}` |" in generate.table_of_codes(
        "meaning_en"
    )((generate.TOP / "docs" / "codes.md").read_text(encoding="utf-8"))
    text = next(make for path, make in generate.steps() if path == generate.TOP / "README.md")(
        (generate.TOP / "README.md").read_text(encoding="utf-8")
    )
    assert f"each of its {len(codes.TABLE) - 1} codes" in text
