"""Where nobody recorded what the service did: what mockface does, why, and how to have it otherwise.

Assumed texts and statuses of codes are not repeated here: each is marked in the table of codes.
"""

from __future__ import annotations

from mockface import codes
from mockface.operations.assumption import Assumption

_ASSUMED_MESSAGES = sum(code.message_evidence == "assumed" for code in codes.TABLE)
_SEEN_MESSAGES = len(codes.TABLE) - _ASSUMED_MESSAGES
_SCENARIO = "message, status and data of a scenario"

ASSUMPTIONS: tuple[Assumption, ...] = (
    Assumption(
        "messages",
        f"{_ASSUMED_MESSAGES} wire messages are in the style of the seen ones",
        f"only {_SEEN_MESSAGES} were ever recorded",
        "assumed",
        _SCENARIO,
    ),
    Assumption(
        "statuses",
        "400 for bad requests, 401 for bad signatures, 403, 413, 500; 200 for refusals of the engine",
        "codes 3, 4 and 9 were seen; consumers expect a refusal of the engine in a 200",
        "assumed",
        _SCENARIO,
    ),
    Assumption(
        "data-of-refusals",
        "none for positive codes, {} for 4, session_id and 0.0 for negative ones",
        "absent in two captures, {} in one; zeroed fields in the engine's own failures",
        "assumed",
        _SCENARIO,
    ),
    Assumption(
        "order-of-checks",
        "body, appid, signature, account, parameters",
        "three forum threads agree with it; within the signature nothing is known",
        "assumed",
        "",
    ),
    Assumption("limit-6-mib", "6291456 bytes, inclusive", "the page says 6MB", "assumed", "--body-limit"),
    Assumption(
        "too-large-413", "code 23 with HTTP 413", "nginx's status; the code speaks for JSON", "assumed", _SCENARIO
    ),
    Assumption(
        "gif-4011",
        "any GIF, still or animated, is -4011",
        "the page bars animated ones and names no code; -4011 is its only code about formats",
        "assumed",
        _SCENARIO,
    ),
    Assumption(
        "final-boundary",
        "a final boundary without its -- is taken where the parts before it are whole",
        "two programs that called the service send it so; no answer to them was recorded",
        "assumed",
        "--final-boundary",
    ),
    Assumption(
        "picture-formats", "JPEG, PNG, BMP, WEBP are taken", "the successor takes JPEG and PNG", "assumed", "--pictures"
    ),
    Assumption(
        "image-forms",
        "raw bytes, base64 or a data URL; in JSON the last two",
        "the page says base64, its sample and every SDK send raw bytes",
        "assumed",
        "",
    ),
    Assumption(
        "base64-of-pictures",
        "blanks, line breaks and a missing = in a picture's base64 are passed over",
        "decoders of PHP and C++ do so; no answer of the service was recorded",
        "assumed",
        "",
    ),
    Assumption(
        "url-not-fetched", "a url of http or https counts as downloaded", "mockface is offline", "assumed", "scenarios"
    ),
    Assumption(
        "numeric-appid", "a bare number in JSON is not found: code 3", "seen on the wire in 2017", "wire", ""
    ),
    Assumption(
        "appid-in-query", "an appid in the query string counts", "a forum thread of 2018 got as far as 14", "wire", ""
    ),
    Assumption(
        "empty-is-absent", 'null and "" mean that a field was not given', "consumers send all fields", "assumed", ""
    ),
    Assumption(
        "bucket-compared",
        "only where signature and request both name one, with or without -appid",
        "SDKs mix empty and filled buckets",
        "assumed",
        "--signature off",
    ),
    Assumption(
        "replay-single-use",
        "only a single-use signature (e=0) can be replayed",
        "two SDKs send equal multi-use ones within a second",
        "sdk",
        "--signature off",
    ),
    Assumption(
        "expired-at-e", "a signature ends at e itself", "the page wants e > now", "page", "--signature off"
    ),
    Assumption(
        "life-three-months",
        "longer than 90 days is noted, and refused (9) only by verify",
        "the page gives three months, no enforcement was seen",
        "assumed",
        "--signature",
    ),
    Assumption(
        "padding-optional", "Base64 without its = is read", "one printed signature without it got past", "wire", ""
    ),
    Assumption(
        "check-digit-by-default",
        "a number without a scenario: right check digit 100.0, wrong one -5804",
        "the vendor's own sample has a wrong one; a mock needs some rule",
        "assumed",
        "default: of a scenario file",
    ),
    Assumption(
        "any-host", "the Host header is not checked", "a mock is never at the vendor's address", "assumed", "--hosts"
    ),
    Assumption(
        "unknown-path-json",
        "other paths and methods answer code 3 with 404 and 405",
        "never seen; clients parse JSON",
        "assumed",
        "",
    ),
    Assumption(
        "session-id-echo", 'data.session_id is the request\'s, or ""', "the page and one capture", "wire", _SCENARIO
    ),
    Assumption(
        "rate-limit", "none, unless an account has a rate_limit", "the limits are unknown", "assumed", "accounts"
    ),
    Assumption("latency", "none", "unknown; the C++ SDK gives up after 10 s", "assumed", "delay of a scenario"),
)  # fmt: skip
"""Every assumption, in the order of a call's way."""
