"""Reads scenario files: YAML text to scenarios and accounts, each mistake with `file:line:column`.

A file has up to three sections, all optional: `default`, `scenarios`, `accounts`. Reading continues after a mistake,
so that one run reports all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from mockface import idcard
from mockface.codes import CodeTable
from mockface.gateway.codes import WITH_PAGE
from mockface.privacy.masking import printable
from mockface.reasons import Reason, words
from mockface.scenariofiles.account_fields import read_account
from mockface.scenariofiles.diagnostic import nearest
from mockface.scenariofiles.files import about, files_in, shipped_folder, system_says
from mockface.scenariofiles.merged import Loaded
from mockface.scenariofiles.step_fields import read_scenario
from mockface.scenariofiles.values import HAS_NO
from mockface.scenariofiles.yaml.document import Document, Node, Scalar, Sequence, TooManyMistakes, kind
from mockface.scenarios.lookup import DEFAULTS

_LOOKS_REAL = words(
    "this number looks like a real person's (province, birth date and check digit are right); 'mockface ids' prints "
    "numbers that belong to nobody; months 07 to 09 of that family are free for your own",
    "此号码看起来属于真人（省份、出生日期和校验位都正确）；'mockface ids' 可打印不属于任何人的号码，"
    "其中 07 至 09 月可自行使用",
)
_NOT_UTF8 = Reason("this file is not UTF-8: its byte {at} cannot be decoded", "文件不是 UTF-8：第 {at} 个字节无法解码")
_TOO_LARGE = Reason("this file is larger than {limit} bytes; split it", "文件超过 {limit} 字节；应拆分为多个文件")
_UNREADABLE = Reason("this file cannot be read: {why}", "无法读取文件：{why}")
_THE_FILE = words("the file", "文件")
_NO_SECTION = Reason("{name} is not a section; {hint}", "没有名为 {name} 的部分；{hint}")
_NOT_QUOTED = Reason('the number {bare} is not quoted; write "{bare}"', '号码 {bare} 没有加引号；应写作 "{bare}"')
_LENGTH = Reason("it has {count} characters", "它有 {count} 个字符")
_OUT_OF_PLACE = Reason("unexpected {odd}", "不应有 {odd}")
_NO_NUMBER = Reason(
    '"{number}" is not an ID number: {wrong}; expected 18 digits (the last may be X) or 15, ? matches any character',
    '"{number}" 不是身份证号码：{wrong}；应为 18 位（最后一位可为 X）或 15 位，? 匹配任意一位',
)
_NO_OPERATION = Reason(
    "{name} is no ID number, and no operation whose requests have none; {hint}",
    "{name} 既不是身份证号码，也不是请求中没有号码的接口；{hint}",
)
_THESE = Reason("these are: {names}", "可用的有：{names}")
_NO_NAMES = words("expected an ID number in quotes", "应为加引号的身份证号码")
_NO_ACCOUNTS = Reason(
    'accounts is {kind}; expected a list: - {{ appid: "…", secret_id: …, secret_key: … }}',
    'accounts 是{kind}；应为列表：- {{ appid: "…", secret_id: …, secret_key: … }}',
)
FILE_LIMIT_BYTES = 16 * 1024 * 1024
"""The largest scenario file, about 300,000 one-line scenarios: reading it briefly needs fifty times its size."""
NUMBER_PATTERN = "^([0-9?#]{17}[0-9Xx?]|[0-9?#]{15})$"
NAME_PATTERN = "^[A-Za-z]*[a-z][A-Za-z]*$"
"""The name of an operation whose requests have no number."""
_NUMBER = re.compile(NUMBER_PATTERN, re.ASCII)


def load(
    paths: Iterable[Path],
    now: float | None = None,
    *,
    deny_real_ids: bool = False,
    codes: CodeTable = WITH_PAGE,
    names: frozenset[str] = frozenset(),
) -> Loaded:
    """Read every file of the paths. Mistakes are recorded in `diagnostics`; nothing is raised."""
    files, diagnostics = files_in(paths)
    loaded = Loaded(now, deny_real_ids, codes, names, diagnostics=diagnostics)
    for file in files:
        try:
            text = _text_of(file)
        except UnicodeDecodeError as fault:
            loaded.diagnostics.append(about(file, _NOT_UTF8.of(at=fault.start)))
        except _TooLarge:
            loaded.diagnostics.append(about(file, _TOO_LARGE.of(limit=FILE_LIMIT_BYTES)))
        except OSError as fault:
            loaded.diagnostics.append(about(file, _UNREADABLE.of(why=system_says(fault))))
        else:
            read_text(loaded, _shown(file), text)
    return loaded


class _TooLarge(Exception):
    """The file is larger than its limit."""


def _text_of(file: Path) -> str:
    with file.open("rb") as opened:
        content = opened.read(FILE_LIMIT_BYTES + 1)
    if len(content) > FILE_LIMIT_BYTES:
        raise _TooLarge
    return content.decode("utf-8")


def _shown(file: Path) -> str:
    """A file's name for people: shipped files get the short name that the documentation uses."""
    shipped = shipped_folder()
    return f"scenarios/{file.relative_to(shipped)}" if file.is_relative_to(shipped) else printable(str(file))


def read_text(loaded: Loaded, file: str, text: str) -> None:
    """Read one file's text into `loaded`."""
    document = Document(file, text, loaded.codes)
    if document.root is not None:
        with suppress(TooManyMistakes):
            _read_sections(loaded, document, document.root)
    loaded.diagnostics.extend(document.diagnostics)


def _read_sections(loaded: Loaded, document: Document, root: Node) -> None:
    sections: dict[str, Callable[[Loaded, Document, Node], None]] = {
        "default": _read_defaults,
        "scenarios": _read_scenarios,
        "accounts": _read_accounts,
    }
    for key, value in document.pairs(root, _THE_FILE):
        read = sections.get(key.value)
        if read is None:
            document.report(key, _NO_SECTION.of(name=key.value, hint=nearest(key.value, sections)))
        elif kind(value) != "nothing":
            read(loaded, document, value)


def _read_defaults(loaded: Loaded, document: Document, node: Node) -> None:
    for key, value in document.pairs(node, "default"):
        if key.value not in DEFAULTS:
            document.report(key, HAS_NO.of(what="default", word=key.value, hint=nearest(key.value, DEFAULTS)))
            continue
        name = DEFAULTS[key.value]
        scenario = read_scenario(document, name, key, value)
        if scenario is not None and loaded.claim(document, key, name):
            loaded.defaults[key.value] = scenario


def _read_scenarios(loaded: Loaded, document: Document, node: Node) -> None:
    for key, value in document.pairs(node, "scenarios"):
        number = _key(document, key, loaded.names)
        scenario = read_scenario(document, number or key.value, key, value)
        if number and loaded.now is not None and idcard.looks_real(number, loaded.now):
            document.report(key, _LOOKS_REAL, warning=not loaded.deny_real_ids)
        if number and scenario is not None and loaded.claim(document, key, number):
            loaded.scenarios[number] = scenario


def _key(document: Document, key: Scalar, names: frozenset[str]) -> str | None:
    """The ID number of a key, in upper case, or the operation that it names; None after a reported mistake."""
    number = str(key.value)
    if idcard.is_operation(number):
        if number in names:
            return number
        hint = _THESE.of(names=", ".join(sorted(names))) if names else _NO_NAMES
        document.report(key, _NO_OPERATION.of(name=number, hint=hint))
        return None
    if key.style not in ("'", '"'):
        bare = number.strip("“”‘’\"'")
        document.report(key, _NOT_QUOTED.of(bare=bare))
        return None
    if _NUMBER.fullmatch(number):
        return number.upper()
    if len(number) not in (15, 18):
        wrong = _LENGTH.of(count=len(number))
    else:
        odd = next((character for character in number if character not in "0123456789?#"), number[-1])
        wrong = _OUT_OF_PLACE.of(odd=repr(odd))
    document.report(key, _NO_NUMBER.of(number=number, wrong=wrong))
    return None


def _read_accounts(loaded: Loaded, document: Document, node: Node) -> None:
    if not isinstance(node, Sequence):
        document.report(node, _NO_ACCOUNTS.of(kind=kind(node)))
        return
    for item in node.value:
        account = read_account(document, item)
        if account is None or not loaded.agrees(document, item, account):
            continue
        if loaded.claim(document, item, f"SecretId {account.secret_id}"):
            loaded.accounts[account.secret_id] = account
