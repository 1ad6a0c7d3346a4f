"""Explains an answer: every check in order, with the value received and the value expected.

Built from a journal entry on demand, never while a call is answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from mockface import idcard
from mockface.checks import Check, Rules
from mockface.checks.check import OWN
from mockface.journal.entry import Entry
from mockface.model import Call, Claims, RawRequest, ReadBody, Refused, kind_in_words
from mockface.operation import Operation
from mockface.reasons import Reason, Said, chinese, chinese_or_none, joined, words
from mockface.scenarios.lookup import WILDCARDS, ScenarioSet
from mockface.signature.explain import claims_table, mistakes_in

PASSED, FAILED, NOT_REACHED, WOULD_FAIL = "passed", "failed", "not reached", "would fail with --signature verify"
NAME_CHECK = "name_registered"
"""The check of the name that a scenario registers, after all other checks."""
_NOTHING = "<0 bytes>"
"""How the journal shows an empty header."""
_NAME_TITLE = words("The name is the registered one", "姓名与登记一致")
_REGISTERED = Reason("the registered name: {name}", "登记的姓名：{name}")
_ANY_REGISTERED = words("the scenario's name, if it has one", "场景登记的姓名（若有）")
_NO_NAME = words("none", "无")
_DIFFERS = Reason("{key} ({origin}) differs at {places}", "{key}（{origin}）在{places}处不同")
_AT_ONE = Reason("character {place}", "第 {place} 个字符")
_AT_SOME = Reason("characters {places}", "第 {places} 个字符")
_AS_FILES = Reason(
    "text fields sent as file parts: {fields} (the vendor's Python SDK does so)",
    "文本字段以文件形式发送：{fields}（厂商 Python SDK 会这样做）",
)
_UNCLOSED = words(
    "the final boundary lacks its --; the parts before it were accepted (--final-boundary optional)",
    "结尾 boundary 之后没有 --；前面各部分已被接受（--final-boundary optional）",
)
_NULL_SESSION = words(
    "session_id is the text null (the vendor's Java SDK sends this)",
    "session_id 是文本“null”（厂商 Java SDK 会这样做）",
)
_NO_STRING = Reason("{name} is a JSON {kind}, not a string", "{name} 是 JSON 的{kind}，不是字符串")
_NO_BOUNDARY = words(
    "Content-Type multipart/form-data without a usable boundary; was it set by hand?",
    "Content-Type 为 multipart/form-data，但没有可用的 boundary；是否手工设置？",
)
_APPID_IN_QUERY = words("appid is in the query string, not in the body", "appid 在查询串中，不在请求体中")
_UPGRADE = Reason(
    "asks to upgrade to {protocol} (the JDK's HttpClient does so on plain http)",
    "请求升级到 {protocol}（JDK 的 HttpClient 在未加密的 http 连接上会这样做）",
)
_PROXY = words("sent in the form used for a proxy", "按发往代理的方式发送")
_IMAGE = Reason("the image: {note}", "图片：{note}")
_BOTH = words("both url and image are given: only url is used", "同时有 url 和 image：只使用 url")
_BY_CHECK = Reason("check {check}", "检查 {check}")
_BY_DEFAULT = Reason("{scenario} ({origin})", "{scenario}（{origin}）")
_BY_SCENARIO = Reason("scenario {scenario} ({origin})", "场景 {scenario}（{origin}）")
_BY_NAME = Reason(
    "scenario {scenario} ({origin}): the registered name is {registered}, the call has {name}",
    "场景 {scenario}（{origin}）：登记的姓名是 {registered}，请求给出 {name}",
)
_BY_TURN = Reason(
    "scenario {scenario} ({origin}), call {nth} of this number", "场景 {scenario}（{origin}），该号码的第 {nth} 次调用"
)
NEAR = 3
"""The most characters in which a near miss may differ."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check for a call, in both languages. `evidence` is the source of its rule."""

    check: str
    title: str
    title_zh: str
    state: str
    came: str
    came_zh: str
    wanted: str
    wanted_zh: str
    evidence: str
    evidence_zh: str


def _result(name: str, state: str, title: str, came: str, wanted: str, evidence: str) -> CheckResult:
    return CheckResult(
        check=name, state=state, title=str(title), title_zh=chinese(title), came=str(came), came_zh=chinese(came),
        wanted=str(wanted), wanted_zh=chinese(wanted), evidence=str(evidence), evidence_zh=chinese(evidence),
    )  # fmt: skip


def results(entry: Entry, ran: Iterable[Check], rules: Rules) -> list[CheckResult]:
    """Every check in order: those that ran, those not reached, and those that only `verify` would have failed."""
    in_mode = {check.name for check in ran}
    order = _merged(tuple(ran), entry.operation)
    found: list[CheckResult] = []
    failed = False
    for check in order:
        name = check.name
        state = PASSED
        if name not in in_mode:
            if not _would_fail(entry, check, rules):
                continue
            state = WOULD_FAIL
        elif failed:
            state = NOT_REACHED
        elif entry.refused_by == name:
            state, failed = FAILED, True
        came = entry.why or "" if state == FAILED else check.came(entry)
        found.append(_result(name, state, check.title, came, check.wanted, check.evidence))
    if not entry.operation.table.name:
        return found
    state = FAILED if entry.refused_by == NAME_CHECK else NOT_REACHED if failed else PASSED
    wanted = _REGISTERED.of(name=entry.registered) if state == FAILED else _ANY_REGISTERED
    return [*found, _result(NAME_CHECK, state, _NAME_TITLE, entry.name or _NO_NAME, wanted, OWN)]


def _merged(ran: tuple[Check, ...], operation: Operation) -> tuple[Check, ...]:
    """The checks that ran, with those of `verify` in their places; none are added where no signature is looked at."""
    return operation.checks["verify"] if ran == operation.checks["shape"] else ran


def _would_fail(entry: Entry, check: Check, rules: Rules) -> bool:
    """Whether a check of `verify` would refuse the call."""
    if entry.operation.dialect.view is not None:
        return entry.operation.dialect.view.would_fail(entry, check, rules)
    claims = entry.claims
    if isinstance(claims, Refused):
        return False
    if check.name == "signature_verified":
        return entry.verified is False
    if check.name in ("secret_id_of_this_account", "bucket_known") and claims.secret_id not in rules.accounts:
        return False
    raw = RawRequest(entry.method, entry.path, b"", (), ReadBody(0))
    return check.test(Call(raw, {}, claims.appid, "", claims, entry.at), rules) is not None


def near_misses(number: str, scenarios: ScenarioSet) -> list[Said]:
    """The scenarios whose numbers differ least from this one: at most three, nearest first."""
    found = []
    number = number.upper()
    for layer in scenarios.layers:
        for scenario in layer:
            if len(scenario.number) != len(number):
                continue
            pairs = enumerate(zip(scenario.number, number, strict=True))
            places = [at + 1 for at, (wanted, came) in pairs if wanted not in WILDCARDS and wanted != came]
            if 0 < len(places) <= NEAR:
                wild = sum(scenario.number.count(wildcard) for wildcard in WILDCARDS)
                key = idcard.masked_key(scenario.number)
                told = _DIFFERS.of(key=key, origin=scenario.origin, places=_places(places))
                found.append((len(places), wild, told))
    return [text for _, _, text in sorted(found)[:3]]


def _places(places: list[int]) -> Said:
    if len(places) == 1:
        return _AT_ONE.of(place=places[0])
    return _AT_SOME.of(places=joined(map(str, places)))


def notes_on(entry: Entry) -> list[Said]:
    """Unusual features of an accepted request: habits of real clients, and common mistakes."""
    headers = dict(entry.headers)
    notes = []
    if entry.as_files:
        notes.append(_AS_FILES.of(fields=joined(entry.as_files)))
    if entry.unclosed:
        notes.append(_UNCLOSED)
    if entry.fields.get("session_id") == "null":
        notes.append(_NULL_SESSION)
    if entry.wrong_types:
        notes += [_NO_STRING.of(name=name, kind=kind_in_words(kind)) for name, kind in entry.wrong_types.items()]
    if not entry.kind and headers.get("content-type", "").lower().startswith("multipart/form-data"):
        notes.append(_NO_BOUNDARY)
    if entry.appid_in_query:
        notes.append(_APPID_IN_QUERY)
    if "upgrade" in headers:
        notes.append(_UPGRADE.of(protocol=headers["upgrade"]))
    if "proxy-connection" in headers:
        notes.append(_PROXY)
    if entry.picture is not None:
        notes += [_IMAGE.of(note=note) for note in entry.picture.notes]
    if "url" in entry.fields and entry.picture is not None:
        notes.append(_BOTH)
    return notes


def badge(entry: Entry) -> str:
    """What is to be said of a call's signature in a word or two; whether it was checked is another matter."""
    if entry.operation.dialect.view is not None:
        return entry.operation.dialect.view.badge(entry)
    claims = entry.claims
    if isinstance(claims, Refused):
        given = dict(entry.headers).get("authorization", _NOTHING)
        return "missing" if given == _NOTHING else "malformed"
    if entry.refused_by in ("signature_for_this_target", "single_use_first_time"):
        return {"single_use_first_time": "replayed"}.get(entry.refused_by, "other target")
    if claims.expires_at and claims.expires_at <= entry.at:
        return "expired"
    return {None: "unknown account", True: "verified", False: "wrong key"}[entry.verified]


def verdict(entry: Entry, ran: Iterable[Check], rules: Rules, scenarios: ScenarioSet) -> dict[str, Any]:
    """The complete explanation of a call, as plain data."""
    code = entry.operation.codes.by_number[entry.code]
    meaning = {"meaning_en": code.meaning_en, "meaning_zh": code.meaning_zh}
    notes, answered = notes_on(entry), _answered_by(entry)
    numbered = idcard.is_reserved(entry.number) or entry.key == entry.number
    near = (
        near_misses(entry.number, scenarios) if entry.by_default and numbered and entry.operation.table.number else []
    )
    return {
        "checks": [asdict(result) for result in results(entry, ran, rules)],
        "answered_by": answered,
        "answered_by_zh": chinese(answered),
        "near_misses": near,
        "near_misses_zh": [*map(chinese, near)],
        "code": {"number": code.number, "name": code.name, **meaning},
        "signature": _signature(entry),
        "picture": None if entry.picture is None else {
            "form": entry.picture.form, "format": entry.picture.format, "size_bytes": entry.picture.size_bytes,
            "fault": entry.picture.fault, "fault_zh": chinese_or_none(entry.picture.fault),
            "notes": list(entry.picture.notes), "notes_zh": [*map(chinese, entry.picture.notes)],
        },
        "video": None if entry.video is None else {
            **{name: value for name, value in entry.video._asdict().items() if name not in ("head", "fault")},
            "fault": entry.video.fault, "fault_zh": chinese_or_none(entry.video.fault),
        },
        "notes": notes,
        "notes_zh": [*map(chinese, notes)],
    }  # fmt: skip


def _signature(entry: Entry) -> dict[str, Any]:
    """What its signature says, and what is wrong with it."""
    if entry.operation.dialect.view is not None:
        return entry.operation.dialect.view.told(entry)
    claims = entry.claims
    text = claims.signed_text.decode("ascii", "replace") if isinstance(claims, Claims) else entry.recovered.text
    mistakes = mistakes_in(
        entry.claims, entry.at, entry.recovered, verified=entry.verified, appid=entry.fields.get("appid")
    )
    return {
        "fields": claims_table(text, entry.at) if text else [],
        "digest_begins": entry.digest_start,
        "verified": entry.verified,
        "mistakes": mistakes,
        "mistakes_zh": [*map(chinese, mistakes)],
    }


def _answered_by(entry: Entry) -> Said:
    if entry.refused_by and entry.refused_by != NAME_CHECK:
        return _BY_CHECK.of(check=entry.refused_by)
    found = {"scenario": entry.scenario, "origin": entry.origin}
    if entry.by_default:
        return _BY_DEFAULT.of(**found)
    if entry.refused_by == NAME_CHECK:
        return _BY_NAME.of(**found, registered=entry.registered, name=entry.name or _NO_NAME)
    return _BY_SCENARIO.of(**found) if entry.nth is None else _BY_TURN.of(**found, nth=entry.nth + 1)
