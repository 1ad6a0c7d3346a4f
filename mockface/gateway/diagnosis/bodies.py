"""A body as each usual library would have written it. Bytes come in; what wrote them, and other bytes, come out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from mockface.reasons import Reason, Said, words


class _Spelling(NamedTuple):
    """A way to write JSON: words for it, whether it is ASCII, the separators, and what is escaped besides."""

    words: Said
    ascii_only: bool
    separators: tuple[str, str]
    escapes: tuple[tuple[str, str], ...] = ()
    indent: int | None = None


_COMPACT, _SPACED, _INDENTED = (",", ":"), (", ", ": "), (",", ": ")
_GO = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))
_GSON = (*_GO, ("=", "\\u003d"), ("'", "\\u0027"))
_PHP = (("/", "\\/"),)
_SPELLINGS = (
    _Spelling(
        words("JSON without blanks (JSON.stringify)", "不含空格的 JSON（JSON.stringify）"),
        False, _COMPACT,
    ),
    _Spelling(
        words(
            "JSON with blanks and \\u escapes (Python's json.dumps)",
            "含空格和 \\u 转义的 JSON（Python 的 json.dumps）",
        ),
        True, _SPACED,
    ),
    _Spelling(
        words(
            "JSON with blanks, without \\u escapes (json.dumps with ensure_ascii=False)",
            "含空格、不含 \\u 转义的 JSON（json.dumps 设 ensure_ascii=False）",
        ),
        False, _SPACED,
    ),
    _Spelling(
        words(
            "JSON without blanks, with \\u escapes (json.dumps with separators)",
            "不含空格、含 \\u 转义的 JSON（json.dumps 设 separators）",
        ),
        True, _COMPACT,
    ),
    _Spelling(
        words(
            "JSON with \\u003c, \\u003e, \\u0026 for <, >, & (Go's json.Marshal)",
            "把 <、>、& 写成 \\u003c、\\u003e、\\u0026 的 JSON（Go 的 json.Marshal）",
        ),
        False, _COMPACT, _GO,
    ),
    _Spelling(
        words(
            "JSON with \\/ for / and \\u escapes (PHP's json_encode)",
            "把 / 写成 \\/ 并含 \\u 转义的 JSON（PHP 的 json_encode）",
        ),
        True, _COMPACT, _PHP,
    ),
    _Spelling(
        words(
            "JSON with \\/ for / (PHP's json_encode with JSON_UNESCAPED_UNICODE)",
            "把 / 写成 \\/ 的 JSON（PHP 的 json_encode 设 JSON_UNESCAPED_UNICODE）",
        ),
        False, _COMPACT, _PHP,
    ),
    _Spelling(
        words("JSON with \\u003d for = (Java's Gson)", "把 = 写成 \\u003d 的 JSON（Java 的 Gson）"),
        False, _COMPACT, _GSON,
    ),
    _Spelling(words("JSON indented by 2", "缩进 2 格的 JSON"), False, _INDENTED, indent=2),
    _Spelling(words("JSON indented by 4", "缩进 4 格的 JSON"), False, _INDENTED, indent=4),
    _Spelling(
        words("JSON indented by 4, with \\u escapes", "缩进 4 格、含 \\u 转义的 JSON"), True, _INDENTED, indent=4
    ),
)  # fmt: skip
_SORTED = Reason("{spelling}, names sorted", "{spelling}，键名已排序")
_STRIPPED = words("without the blanks around it", "去掉首尾空白")
_ENDED = words("with a line break behind it", "末尾多一个换行")
_MARKED = words("with a byte order mark before it", "开头多一个字节顺序标记（BOM）")
_NOTHING = words("an empty object, {}", "空对象 {}")


def rewritten(body: bytes) -> Iterator[tuple[Said, bytes]]:
    """The body with other blanks around it, and as each usual library would write it; costs some 20 times its JSON."""
    yield _STRIPPED, body.strip()
    yield _ENDED, body + b"\n"
    yield _MARKED, b"\xef\xbb\xbf" + body
    yield _NOTHING, b"{}"
    try:
        value = json.loads(body)
        for in_order in (False, True):
            for spelling in _SPELLINGS:
                told = _SORTED.of(spelling=spelling.words) if in_order else spelling.words
                yield told, _written(value, spelling, sort_keys=in_order)
    except (ValueError, RecursionError):
        return  # no JSON, or nested so deeply that no client wrote it


def _written(value: object, spelling: _Spelling, *, sort_keys: bool) -> bytes:
    text = json.dumps(
        value,
        ensure_ascii=spelling.ascii_only,
        separators=spelling.separators,
        indent=spelling.indent,
        sort_keys=sort_keys,
    )
    for plain, escape in spelling.escapes:
        text = text.replace(plain, escape)
    return text.encode("utf-8", "surrogatepass")
