"""Why a call got its answer: every check in order, with what came and what was wanted.

Made of a journal entry when somebody looks; nothing here runs while a call is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from mockface import checks, codes, idcard, signature
from mockface.checks import Check, Rules
from mockface.entry import Entry
from mockface.explain import claims_table, mistakes_in
from mockface.image import ACCEPTED_FORMATS
from mockface.model import Call, Claims, RawRequest, ReadBody, Refused
from mockface.scenarios import WILDCARDS, ScenarioSet
from mockface.why import masked_numbers

PASSED, FAILED, NOT_REACHED, WOULD_FAIL = "passed", "failed", "not reached", "would fail with --signature verify"
NAME_CHECK = "name_registered"
"""What the corridor asks of a scenario that has a name, behind all checks."""
_NOTHING = "<0 bytes>"
"""How the journal shows an empty header."""
NEAR = 3
"""How many characters a near miss may differ in."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One check of the ladder. `evidence` is where the rule comes from, in the words of the check's own description."""

    check: str
    state: str
    came: str
    wanted: str
    evidence: str


def _came_signature(entry: Entry, show: Callable[[Claims], str]) -> str:
    return show(entry.claims) if isinstance(entry.claims, Claims) else "no readable signature"


def _came_field(entry: Entry, name: str) -> str:
    if name in entry.wrong_types:
        return f"a JSON {entry.wrong_types[name]}"
    if name == "appid" and entry.appid_in_query:
        return "in the query string"
    return entry.fields.get(name) or "none"


def _came_picture(entry: Entry) -> str:
    if "url" in entry.fields:
        return "a url, so no image is looked at"
    if entry.picture is None:
        return "none"
    fault = f", {entry.picture.fault}" if entry.picture.fault else ""
    return (
        f"{entry.picture.format or 'no known format'} as {entry.picture.form}, {entry.picture.size_bytes} bytes{fault}"
    )


def _shown_signed_text(claims: Claims) -> str:
    return claims.signed_text.decode("ascii", "replace").replace(claims.secret_id, f"{claims.secret_id[:8]}...")


def _shown_secret_id(claims: Claims) -> str:
    return f"k={claims.secret_id[:8]}..."


_LADDER: dict[str, tuple[str, Callable[[Entry], str]]] = {
    "path_known": (checks.PATH, lambda entry: entry.path),
    "method_allowed": ("POST", lambda entry: entry.method),
    "body_within_limit": (
        "at most the limit",
        lambda entry: masked_numbers(f"{max(entry.size_bytes, entry.declared_bytes or 0)} bytes"),
    ),
    "host_known": ("a name of --hosts, if given", lambda entry: dict(entry.headers).get("host", "no Host")),
    "body_readable": (
        "JSON, or multipart with a boundary",
        lambda entry: f"{entry.kind or 'neither'}, {dict(entry.headers).get('content-type', 'no Content-Type')}",
    ),
    "appid_given": ("a string", lambda entry: _came_field(entry, "appid")),
    "signature_given": ("an Authorization header", lambda entry: dict(entry.headers).get("authorization", "none")),
    "signature_readable": (
        "Base64 of 20 bytes and a text with a, k, e, t",
        lambda entry: _came_signature(entry, _shown_signed_text),
    ),
    "single_use_bound": (
        "f= where e=0",
        lambda entry: _came_signature(entry, lambda claims: f"e={claims.expires_at} f={claims.resource}"),
    ),
    "signature_for_this_target": (
        "a= the request's appid, b= its bucket",
        lambda entry: _came_signature(entry, lambda claims: f"a={claims.appid} b={claims.bucket}"),
    ),
    "signature_fresh": (
        "e= after now",
        lambda entry: _came_signature(entry, lambda claims: f"e={claims.expires_at}, now {int(entry.at)}"),
    ),
    "single_use_first_time": (
        "not seen before, where e=0",
        lambda entry: _came_signature(entry, lambda claims: "multi-use" if claims.expires_at else "single-use"),
    ),
    "account_known": ("an account's appid", lambda entry: _came_signature(entry, lambda claims: f"a={claims.appid}")),
    "secret_id_known": ("an account's SecretId", lambda entry: _came_signature(entry, _shown_secret_id)),
    "secret_id_of_this_account": ("the SecretId of this appid", lambda entry: _came_signature(entry, _shown_secret_id)),
    "signature_verified": (
        "HMAC-SHA1 of the signed text with the account's key",
        lambda entry: {None: "no account to verify with", True: "the same", False: "another digest"}[entry.verified],
    ),
    "signature_life_allowed": (
        f"at most {signature.LIFE_LIMIT_S} s",
        lambda entry: _came_signature(entry, lambda claims: f"{claims.expires_at - claims.signed_at} s"),
    ),
    "bucket_known": (
        "a bucket of the account",
        lambda entry: _came_signature(entry, lambda claims: f"b={claims.bucket}"),
    ),
    "account_rate_kept": ("within the account's rate_limit, if any", lambda entry: _came_field(entry, "appid")),
    "account_in_good_standing": ("state: active", lambda entry: _came_field(entry, "appid")),
    "fields_are_text": (
        "strings",
        lambda entry: ", ".join(f"{name}: {kind}" for name, kind in entry.wrong_types.items()) or "strings",
    ),
    "identity_given": (
        "idcard_number and idcard_name",
        lambda entry: f"{_came_field(entry, 'idcard_number')}, {_came_field(entry, 'idcard_name')}",
    ),
    "number_is_nobodys": ("a number that nobody holds, with --deny-real-ids", lambda entry: entry.number or "none"),
    "picture_given": ("url or image", lambda entry: entry.form),
    "url_is_http": ("http:// or https://", lambda entry: _came_field(entry, "url")),
    "picture_decodable": (", ".join(ACCEPTED_FORMATS), _came_picture),
    NAME_CHECK: ("the scenario's name, if it has one", lambda entry: entry.name or "none"),
}
"""For each check what is wanted, and what came."""


def evidence_of(check: Check) -> str:
    """Where a check's rule comes from: the end of its description."""
    text = " ".join((check.__doc__ or "").split())
    return text.partition("Evidence: ")[2].rstrip(".") or "mockface's own"


def ladder(entry: Entry, ran: Iterable[Check], rules: Rules) -> list[Rung]:
    """Every check in order: those that ran, those not reached, and those that only `verify` would have failed."""
    in_mode = {check.__name__ for check in ran}
    order = list(ran) if "signature_verified" in in_mode else _merged(tuple(ran))
    rungs: list[Rung] = []
    failed = False
    for check in order:
        name = check.__name__
        wanted, came = _LADDER[name]
        state = PASSED
        if name not in in_mode:
            if not _would_fail(entry, check, rules):
                continue
            state = WOULD_FAIL
        elif failed:
            state = NOT_REACHED
        elif entry.refused_by == name:
            state, failed = FAILED, True
        rungs.append(Rung(name, state, entry.why or "" if state == FAILED else came(entry), wanted, evidence_of(check)))
    wanted, came = _LADDER[NAME_CHECK]
    state = FAILED if entry.refused_by == NAME_CHECK else NOT_REACHED if failed else PASSED
    if state == FAILED:
        wanted = f"the registered name: {entry.registered}"
    return [*rungs, Rung(NAME_CHECK, state, came(entry), wanted, "mockface's own")]


def _merged(ran: tuple[Check, ...]) -> list[Check]:
    """The checks that ran, with those of `verify` in their places; none are added where no signature is looked at."""
    if checks.SHAPE_CHECKS[0] not in ran:
        return list(ran)
    return list(checks.checklist("verify"))


def _would_fail(entry: Entry, check: Check, rules: Rules) -> bool:
    """Whether a check of `verify` would refuse the call."""
    claims = entry.claims
    if isinstance(claims, Refused):
        return False
    if check.__name__ == "signature_verified":
        return entry.verified is False
    if check.__name__ in ("secret_id_of_this_account", "bucket_known") and claims.secret_id not in rules.accounts:
        return False
    raw = RawRequest(entry.method, entry.path, b"", (), ReadBody(0))
    return check(Call(raw, {}, claims.appid, "", claims, entry.at), rules) is not None


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


def oddities(entry: Entry) -> list[str]:
    """What is odd on the wire, though it was let pass: habits of real clients, and usual slips."""
    headers = dict(entry.headers)
    odd = []
    if entry.as_files:
        odd.append(f"text fields sent as file parts: {', '.join(entry.as_files)} (the vendor's Python SDK does so)")
    if entry.unclosed:
        odd.append("the final boundary has no -- behind it; the parts before it were taken (--final-boundary optional)")
    if entry.fields.get("session_id") == "null":
        odd.append("session_id is the four letters null (the vendor's Java SDK sends so)")
    if entry.wrong_types:
        odd += [f"{name} is a JSON {kind}, not a string" for name, kind in entry.wrong_types.items()]
    if not entry.kind and headers.get("content-type", "").lower().startswith("multipart/form-data"):
        odd.append("Content-Type multipart/form-data without a usable boundary: set by hand?")
    if entry.appid_in_query:
        odd.append("appid is in the query string, not in the body")
    if "upgrade" in headers:
        odd.append(f"asks to upgrade to {headers['upgrade']} (the JDK's HttpClient does so on plain http)")
    if "proxy-connection" in headers:
        odd.append("sent as to a proxy")
    if entry.picture is not None:
        odd += [f"the image: {note}" for note in entry.picture.notes]
    if "url" in entry.fields and entry.picture is not None:
        odd.append("both url and image: only url counts")
    return odd


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
    code = codes.BY_NUMBER[entry.code]
    meaning = {"meaning_en": code.meaning_en, "meaning_zh": code.meaning_zh}
    claims = entry.claims
    text = claims.signed_text.decode("ascii", "replace") if isinstance(claims, Claims) else entry.salvaged.text
    numbered = idcard.is_reserved(entry.number) or entry.key == entry.number
    return {
        "ladder": [asdict(rung) for rung in ladder(entry, ran, rules)],
        "answered_by": _answered_by(entry),
        "near_misses": near_misses(entry.number, scenarios) if entry.by_default and numbered else [],
        "code": {"number": code.number, "name": code.name, **meaning},
        "signature": {
            "fields": claims_table(text, entry.at) if text else [],
            "digest_begins": entry.digest_start,
            "verified": entry.verified,
            "mistakes": mistakes_in(
                entry.claims, entry.at, entry.salvaged, verified=entry.verified, appid=entry.fields.get("appid")
            ),
        },
        "picture": None if entry.picture is None else {
            "form": entry.picture.form, "format": entry.picture.format, "size_bytes": entry.picture.size_bytes,
            "fault": entry.picture.fault, "notes": list(entry.picture.notes),
        },
        "oddities": oddities(entry),
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
