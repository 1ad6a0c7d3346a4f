"""Where nobody recorded what the sisters did: what mockface does, why, and how to have it otherwise."""

from __future__ import annotations

from mockface.codes import Evidence
from mockface.operations.assumption import Assumption
from mockface.operations.face.checks.digits import LIFE_S

_SCENARIO = "data of a scenario"


def _assumed(name: str, default: str, reason: str, switch: str = "", *, evidence: Evidence = "assumed") -> Assumption:
    return Assumption(f"live-{name}", default, reason, evidence, switch)


ASSUMPTIONS: tuple[Assumption, ...] = (
    _assumed(
        "two-levels",
        "code 0 and HTTP 200 where a video fails; live_status and compare_status say why",
        "an answer to misread digits was recorded; the pages describe the fields so",
        evidence="wire",
    ),
    _assumed(
        "key-order",
        "compare_msg, compare_status, live_status, live_msg, then sim and photo or video_photo",
        "the first four stand so in the recorded answer; no success was ever recorded",
        _SCENARIO,
    ),
    _assumed(
        "level-of-codes",
        "-50xx in live_status; -5005, -40xx and -5802 to -5817 in compare_status; -5801, -5805 as code",
        "-5008 with -5005 was recorded; the others by what their meanings speak of",
        "--identity-failures, for -5802 to -5817",
    ),
    _assumed(
        "compare-when-not-live",
        "a video that is not live has compare_status -5005 too, where a comparison was asked for",
        "so it stands in the recorded answer",
        "code beside live in a scenario",
        evidence="wire",
    ),
    _assumed(
        "live-when-person-fails",
        "live_status is 0 where number or name is refused",
        "the page speaks of two processes",
        "live beside code in a scenario",
    ),
    _assumed(
        "digits-are-free",
        "any four digits are taken, as often as one likes",
        "programs sent constant digits for years; nothing names the first call in the second",
        "--digits strict",
    ),
    _assumed(
        "digits-strict",
        f"with --digits strict: dealt by this server, not used, not older than {LIFE_S:g} s; else live_status -5008",
        "no life of digits is known; the rule is mockface's own",
        "--digits",
    ),
    _assumed(
        "digits-not-four",
        "validate_data that is not four digits is live_status -5008, a missing one code 21",
        "no speech matches it; the page says that the field is required",
    ),
    _assumed(
        "digits-that-spell",
        "digits such as 5008 or 4017 spell the code of that number, where the person's scenario says no failure",
        "livedetectfour has no ID number, so the digits are what an unmodified client can choose; mockface's own",
    ),
    _assumed(
        "compare-flag",
        "true or false in any case of letters; anything else, or none, is code 21",
        "the page says that it is required; SDKs send it in small letters",
    ),
    _assumed("card-missing", "compare_flag true without a card is code 21", "the page names no code", _SCENARIO),
    _assumed(
        "json-to-multipart",
        "a JSON body to an operation that takes multipart alone is code 3",
        "so other bodies that do not parse are answered",
    ),
    _assumed(
        "video-invalid",
        "-5001: no known container, a picture or sound alone, no moov box, cut off, WebM and other containers",
        "the page says that the video does not meet the requirements, and not which",
        "--videos any",
    ),
    _assumed(
        "video-sound",
        "-5007: no sound track in the file",
        "the meaning of the code; silence is not heard",
        "--videos any",
    ),
    _assumed(
        "video-sides",
        "-5015: the shorter side below 270 or the longer below 480 pixels, as the video is shown",
        "the page gives 270*480; that it holds for both orientations is assumed",
        "--videos any",
    ),
    _assumed(
        "video-size", "6 MiB with the rest of the body, else code 23", "an earlier page says 6 MB", "--body-limit"
    ),
    _assumed(
        "sim-is-whole",
        "sim and score are the scenario's similarity without its decimals",
        "both are integers on the page",
    ),
    _assumed(
        "best-frame",
        "photo and video_photo are bare Base64 of a small drawn JPEG, the same for the same number or digits",
        "a program decodes it straight into a .jpg",
        _SCENARIO,
    ),
    _assumed(
        "compare-failures",
        "a negative code of compare has data with session_id and fail_flag, 2 where only the second picture is bad",
        "a program reads fail_flag; its value in other cases is unknown",
        _SCENARIO,
    ),
    _assumed(
        "default-session",
        'livedetectpicture gives "not_set_session_id", compare gives ""',
        "recorded answers",
        evidence="wire",
    ),
    _assumed("auth-idcard", "code and message alone, no data", "no page and no answer of it are known", _SCENARIO),
    _assumed(
        "nobodys",
        "operations without an ID number answer what well-formed numbers get, or the scenario with their name",
        "a scenario needs something to be found by; mockface's own",
        "scenarios: { compare: … }",
    ),
)
"""Every assumption about the sisters, in the order of a call's way."""
