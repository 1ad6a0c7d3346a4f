"""Why a call got its answer: every check in order, with what came and what was wanted.

Made of a journal entry when somebody looks; nothing here runs while a call is answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from mockface import idcard
from mockface.checks import SHAPE_CHECKS, VERIFY_CHECKS, Check, Rules
from mockface.checks.check import OWN
from mockface.journal.entry import Entry
from mockface.model import Call, Claims, RawRequest, ReadBody, Refused
from mockface.scenarios.lookup import WILDCARDS, ScenarioSet
from mockface.signature.explain import claims_table, mistakes_in

PASSED, FAILED, NOT_REACHED, WOULD_FAIL = "passed", "failed", "not reached", "would fail with --signature verify"
NAME_CHECK = "name_registered"
"""What is asked where a scenario has a name, behind all checks."""
_NOTHING = "<0 bytes>"
"""How the journal shows an empty header."""
NEAR = 3
"""How many characters a near miss may differ in."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check said of a call. `evidence` is where its rule comes from."""

    check: str
    state: str
    came: str
    wanted: str
    evidence: str


def results(entry: Entry, ran: Iterable[Check], rules: Rules) -> list[CheckResult]:
    """Every check in order: those that ran, those not reached, and those that only `verify` would have failed."""
    in_mode = {check.name for check in ran}
    order = list(ran) if "signature_verified" in in_mode else _merged(tuple(ran))
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
        found.append(CheckResult(name, state, came, check.wanted, check.evidence))
    state = FAILED if entry.refused_by == NAME_CHECK else NOT_REACHED if failed else PASSED
    registered = f"the registered name: {entry.registered}" if state == FAILED else "the scenario's name, if it has one"
    return [*found, CheckResult(NAME_CHECK, state, entry.name or "none", registered, OWN)]


def _merged(ran: tuple[Check, ...]) -> list[Check]:
    """The checks that ran, with those of `verify` in their places; none are added where no signature is looked at."""
    if SHAPE_CHECKS[0] not in ran:
        return list(ran)
    at = ran.index(SHAPE_CHECKS[0])
    return [*ran[:at], *VERIFY_CHECKS, *ran[at + len(SHAPE_CHECKS) :]]


def _would_fail(entry: Entry, check: Check, rules: Rules) -> bool:
    """Whether a check of `verify` would refuse the call."""
    claims = entry.claims
    if isinstance(claims, Refused):
        return False
    if check.name == "signature_verified":
        return entry.verified is False
    if check.name in ("secret_id_of_this_account", "bucket_known") and claims.secret_id not in rules.accounts:
        return False
    raw = RawRequest(entry.method, entry.path, b"", (), ReadBody(0))
    return check.test(Call(raw, {}, claims.appid, "", claims, entry.at), rules) is not None


def near_misses(number: str, scenarios: ScenarioSet) -> list[str]:
    """The scenarios whose numbers differ from this one least, three at most, nearest first."""
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
                found.append(
                    (
                        len(places),
                        wild,
                        f"{idcard.masked_key(scenario.number)} ({scenario.origin}) differs at {_places(places)}",
                    )
                )
    return [text for _, _, text in sorted(found)[:3]]


def _places(places: list[int]) -> str:
    return f"character{'s' * (len(places) > 1)} {', '.join(map(str, places))}"


def notes_on(entry: Entry) -> list[str]:
    """What is unusual on the wire, though it was let pass: habits of real clients, and usual slips."""
    headers = dict(entry.headers)
    notes = []
    if entry.as_files:
        notes.append(f"text fields sent as file parts: {', '.join(entry.as_files)} (the vendor's Python SDK does so)")
    if entry.unclosed:
        notes.append(
            "the final boundary has no -- behind it; the parts before it were taken (--final-boundary optional)"
        )
    if entry.fields.get("session_id") == "null":
        notes.append("session_id is the four letters null (the vendor's Java SDK sends so)")
    if entry.wrong_types:
        notes += [f"{name} is a JSON {kind}, not a string" for name, kind in entry.wrong_types.items()]
    if not entry.kind and headers.get("content-type", "").lower().startswith("multipart/form-data"):
        notes.append("Content-Type multipart/form-data without a usable boundary: set by hand?")
    if entry.appid_in_query:
        notes.append("appid is in the query string, not in the body")
    if "upgrade" in headers:
        notes.append(f"asks to upgrade to {headers['upgrade']} (the JDK's HttpClient does so on plain http)")
    if "proxy-connection" in headers:
        notes.append("sent as to a proxy")
    if entry.picture is not None:
        notes += [f"the image: {note}" for note in entry.picture.notes]
    if "url" in entry.fields and entry.picture is not None:
        notes.append("both url and image: only url counts")
    return notes


def badge(entry: Entry) -> str:
    """What is to be said of a call's signature in a word or two; whether it was checked is another matter."""
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
    """Everything that can be said of a call, as plain data."""
    code = entry.operation.codes.by_number[entry.code]
    meaning = {"meaning_en": code.meaning_en, "meaning_zh": code.meaning_zh}
    claims = entry.claims
    text = claims.signed_text.decode("ascii", "replace") if isinstance(claims, Claims) else entry.recovered.text
    numbered = idcard.is_reserved(entry.number) or entry.key == entry.number
    return {
        "checks": [asdict(result) for result in results(entry, ran, rules)],
        "answered_by": _answered_by(entry),
        "near_misses": near_misses(entry.number, scenarios) if entry.by_default and numbered else [],
        "code": {"number": code.number, "name": code.name, **meaning},
        "signature": {
            "fields": claims_table(text, entry.at) if text else [],
            "digest_begins": entry.digest_start,
            "verified": entry.verified,
            "mistakes": mistakes_in(
                entry.claims, entry.at, entry.recovered, verified=entry.verified, appid=entry.fields.get("appid")
            ),
        },
        "picture": None if entry.picture is None else {
            "form": entry.picture.form, "format": entry.picture.format, "size_bytes": entry.picture.size_bytes,
            "fault": entry.picture.fault, "notes": list(entry.picture.notes),
        },
        "notes": notes_on(entry),
    }  # fmt: skip


def _answered_by(entry: Entry) -> str:
    if entry.refused_by and entry.refused_by != NAME_CHECK:
        return f"check {entry.refused_by}"
    if entry.by_default:
        return f"{entry.scenario} ({entry.origin})"
    answered = f"scenario {entry.scenario} ({entry.origin})"
    if entry.refused_by == NAME_CHECK:
        return f"{answered}: it registers the name {entry.registered}, the call gives {entry.name or 'none'}"
    return answered if entry.nth is None else f"{answered}, call {entry.nth + 1} of this number"
