"""The checks, in the order in which the service refuses.

A check is named after what must be true. It looks at a Call under the Rules and answers None, or a Refused that says
what was wrong, what came, and what would have worked (it may quote: the corridor hides the number and the name). The
order is known only in part (docs/wire.md): the body before the appid, the appid before the signature, the signature
before the parameters. It is the tuples at the end of this file.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockface.checks.account import account_in_good_standing, account_rate_kept
from mockface.checks.check import Check
from mockface.checks.parameters import (
    fields_are_text,
    identity_given,
    number_is_nobodys,
    picture_decodable,
    picture_given,
    url_is_http,
)
from mockface.checks.request import (
    appid_given,
    body_readable,
    body_within_limit,
    host_known,
    method_allowed,
    path_known,
)
from mockface.checks.rules import PATH, Rules
from mockface.checks.signed import (
    account_known,
    bucket_known,
    secret_id_known,
    secret_id_of_this_account,
    signature_for_this_target,
    signature_fresh,
    signature_given,
    signature_life_allowed,
    signature_readable,
    signature_verified,
    single_use_bound,
    single_use_first_time,
)

__all__ = [
    "ACCOUNT_CHECKS",
    "PARAMETER_CHECKS",
    "PATH",
    "REQUEST_CHECKS",
    "SIGNATURE_CHECKS",
    "Check",
    "Rules",
    "checklist",
]

REQUEST_CHECKS: tuple[Check, ...] = (
    path_known,
    method_allowed,
    body_within_limit,
    host_known,
    body_readable,
    appid_given,
)
SHAPE_CHECKS: tuple[Check, ...] = (
    signature_given,
    signature_readable,
    single_use_bound,
    signature_for_this_target,
    signature_fresh,
    single_use_first_time,
)
VERIFY_CHECKS: tuple[Check, ...] = (
    signature_given,
    signature_readable,
    single_use_bound,
    signature_for_this_target,
    account_known,
    secret_id_known,
    secret_id_of_this_account,
    signature_verified,
    signature_fresh,
    signature_life_allowed,
    single_use_first_time,
    bucket_known,
)
ACCOUNT_CHECKS: tuple[Check, ...] = (account_rate_kept, account_in_good_standing)
PARAMETER_CHECKS: tuple[Check, ...] = (
    identity_given,
    fields_are_text,
    number_is_nobodys,
    picture_given,
    url_is_http,
    picture_decodable,
)
SIGNATURE_CHECKS: Mapping[str, tuple[Check, ...]] = {"shape": SHAPE_CHECKS, "verify": VERIFY_CHECKS, "off": ()}


def checklist(signature_mode: str) -> tuple[Check, ...]:
    """Every check in order, for `--signature` shape, verify or off."""
    return REQUEST_CHECKS + SIGNATURE_CHECKS[signature_mode] + ACCOUNT_CHECKS + PARAMETER_CHECKS
