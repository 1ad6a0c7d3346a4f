"""The checks, in the order in which the service refuses.

A check is named after what must be true. It looks at a Call under the Rules and answers None, or a Refused that says
what was wrong, what came, and what would have worked (it may quote: the number and the name are hidden later). All that
is said of a check stands beside it, in both languages. The order is known only in part (docs/wire.md): the body before
the appid, the appid before the signature, the signature before the parameters. It is the tuples at the end of this
file; an operation adds its own behind them.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockface.checks.account import account_in_good_standing, account_rate_kept
from mockface.checks.check import Check
from mockface.checks.request import (
    appid_given,
    body_readable,
    body_within_limit,
    host_known,
    method_allowed,
    path_known,
)
from mockface.checks.rules import Rules
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
    "REQUEST_CHECKS",
    "SIGNATURE_CHECKS",
    "Check",
    "Rules",
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
SIGNATURE_CHECKS: Mapping[str, tuple[Check, ...]] = {"shape": SHAPE_CHECKS, "verify": VERIFY_CHECKS, "off": ()}
