"""`make generate`: write every file, table and count that follows from the tables of the code.

One row of `codes.TABLE`, `settings.TABLE`, `ASSUMPTIONS` or of a scenario file's fields is changed by hand; what is
derived from it is written here, and `tests/test_generated.py` says when it is stale.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from mockface import codes, settings
from mockface.codes import Code
from mockface.gateway import codes as successor
from mockface.gateway.outcomes import OUTCOMES
from mockface.operations import listing
from mockface.operations.assumed import ASSUMPTIONS
from mockface.scenariofiles import schema, shipped
from mockface.scenarios import family
from mockface.web.admin.framework import create_framework
from mockface.web.app import App
from tools import liveness_tables, successor_tables

TOP = Path(__file__).parent.parent
_ARREARS = f', message: "{codes.ARREARS_MESSAGE}" }} # the account is in arrears'
"""Code 3 has several messages; the one that no request earns is what its number gets."""


def _rows_replaced(text: str, is_row: str, rows: list[str]) -> str:
    """The text with its run of lines that match replaced by these."""
    lines = text.split("\n")
    at = [number for number, line in enumerate(lines) if re.match(is_row, line)]
    assert at == list(range(at[0], at[-1] + 1)), f"other lines stand between those that match {is_row}"
    return "\n".join([*lines[: at[0]], *rows, *lines[at[-1] + 1 :]])


def scenarios_of_codes(text: str) -> str:
    """`scenarios/codes.yaml`: a line for each code."""
    return _rows_replaced(text, r'  "[\d?]+": \{ code: ', [_scenario(code) for code in codes.TABLE if code.number])


def _scenario(code: Code) -> str:
    number = family.number_for_code(code)
    pattern = f"{number[:12]}??{number[14:17]}?"
    rest = _ARREARS if code is codes.BAD_REQUEST else f" }} # {code.meaning_en}"
    return f'  "{pattern}": {{ code: {code.number}{rest}'


def scenarios_of_successor(text: str) -> str:
    """`scenarios/successor.yaml`: a line for each outcome of API 3.0."""
    return _rows_replaced(text, r'  "110110199901[\d?]+": ', [_of_successor(name) for name in OUTCOMES])


def _of_successor(name: str) -> str:
    code = successor.EVERY[name]
    number = family.number_for_code(code)
    # The similarity of the vendor's own sample; the old API, which has no such refusal, answers it as a success.
    similarity = "similarity: 26.04, " if name.endswith("CompareLowSimilarity") else ""
    return f'  "{number[:12]}??{number[14:17]}?": {{ {similarity}{code.data}: {name} }} # {code.meaning_en}'


def _mark(evidence: str) -> str:
    return "*" if evidence == "assumed" else ""


def table_of_codes(meaning: str) -> Callable[[str], str]:
    """The table of `docs/codes.md`, with the meanings of one language."""
    rows = [
        f"| {code.number} | {code.status}{_mark(code.status_evidence)} | `{code.message}`{_mark(code.message_evidence)}"
        f" | {getattr(code, meaning)} | `{family.number_for_code(code) if code.number else listing.PAGE_NUMBER}` |"
        for code in codes.TABLE
    ]
    return lambda text: _rows_replaced(text, r"\| -?\d+ \| \d{3}", rows)


SET_BY_PEOPLE = (
    "host", "port", "scenarios", "signature", "tls",
    "cors_origins", "admin_hosts", "admin_token", "deny_real_ids", "ready_file",
)  # fmt: skip
"""The settings of the first table of `docs/settings.md`; the second has the others, in the order of the code."""


def tables_of_settings(words: str) -> Callable[[str], str]:
    """The two tables of `docs/settings.md`, each in a section of its own, with the words of one language."""
    rows: dict[bool, list[str]] = {True: [], False: []}
    for row in settings.TABLE:
        default = "" if row.default is False or row.default in ((), "") else f"`{row.default}`"
        rows[row.name in SET_BY_PEOPLE].append(f"| `{settings.flag(row.name)}` | {default} | {row.metadata[words]} |")

    def replaced(text: str) -> str:
        head, often, rest = text.split("\n## ", 2)
        tables = (_rows_replaced(part, r"\| `--", rows[is_often]) for part, is_often in ((often, True), (rest, False)))
        return "\n## ".join([head, *tables])

    return replaced


def table_of_assumptions(text: str) -> str:
    """The English table of `docs/fidelity.md`; the Chinese one is written by hand."""
    rows = []
    for one in ASSUMPTIONS:
        switch = f"`{one.switch}`" if one.switch.startswith("--") else one.switch
        rows.append(f"| {one.id} | {one.default} | {one.reason} | {one.evidence} | {switch} |")
    return _rows_replaced(text, r"\| [a-z0-9-]+ \| (?!what mockface)", rows)


def counts_of_codes(text: str) -> str:
    """Every page that says how many codes there are."""
    return re.sub(r"\d+(?= (?:codes\b|个错误码))", str(len(codes.TABLE) - 1), text)


def description(_: str) -> str:
    """The OpenAPI description, as `GET /openapi.json` gives it."""
    return json.dumps(create_framework(App(settings.Settings())).openapi(), ensure_ascii=False, indent=1) + "\n"


def _pages() -> list[Path]:
    return [*sorted(TOP.glob("*.md")), *sorted((TOP / "docs").glob("*.md"))]


def steps() -> Iterator[tuple[Path, Callable[[str], str]]]:
    """Each file and how its text is made of what it holds now, in an order in which each follows from those before."""
    yield TOP / "scenarios" / "codes.yaml", scenarios_of_codes
    yield TOP / "scenarios" / "successor.yaml", scenarios_of_successor
    yield TOP / "mockface" / "scenariofiles" / "shippedtable.py", lambda _: shipped.table(TOP / "scenarios")
    yield TOP / "scenarios" / "schema.json", lambda _: schema.schema_text()
    for language, meaning in (("", "meaning_en"), (".zh-CN", "meaning_zh")):
        yield TOP / "docs" / f"codes{language}.md", table_of_codes(meaning)
    for language, words in (("", "help"), (".zh-CN", "help_zh")):
        yield TOP / "docs" / f"settings{language}.md", tables_of_settings(words)
    yield TOP / "docs" / "fidelity.md", table_of_assumptions
    for language in ("", ".zh-CN"):
        yield TOP / "docs" / f"successor{language}.md", partial(successor_tables.successor, language=language)
        yield TOP / "docs" / f"migrating{language}.md", partial(successor_tables.migrating, language=language)
        yield TOP / "docs" / f"liveness{language}.md", partial(liveness_tables.page, language=language)
    yield TOP / "docs" / "openapi.json", description
    for page in _pages():
        if page.name != "CHANGELOG.md":
            yield page, counts_of_codes


def main() -> None:
    """Write what is stale, and say so."""
    for path, make in steps():
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = make(before)
        if after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
            print(f"written: {path.relative_to(TOP)}")


if __name__ == "__main__":
    main()
