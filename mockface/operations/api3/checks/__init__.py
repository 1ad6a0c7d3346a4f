"""What the gateway of API 3.0 checks, in the order of the tuples at the end of this file, which is assumed.

What was seen of the order (as reported by users of the service): without Authorization a call is judged as signature
v1; missing common parameters come before their types, these and an unknown action before the signature; the clock
before or with the signature, an unknown key before it; fields of the action behind it.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockface.checks import Check
from mockface.operations.api3.checks.account import account_active, rate_kept
from mockface.operations.api3.checks.fields import (
    field_types_right,
    fields_decrypted,
    fields_given,
    fields_known,
    number_is_nobodys_here,
)
from mockface.operations.api3.checks.request import (
    content_type_supported,
    method_supported,
    product_host_known,
    request_readable,
    request_within_limit,
)
from mockface.operations.api3.checks.signed import (
    authorization_readable,
    key_known,
    signature_right,
    timestamp_fresh,
    token_right,
)
from mockface.operations.api3.checks.target import (
    action_given,
    action_known,
    common_given,
    common_types_right,
    content_sha256_allowed,
    version_known,
)

REQUEST: tuple[Check, ...] = (
    method_supported, request_within_limit, content_type_supported, product_host_known, request_readable,
)  # fmt: skip
TARGET: tuple[Check, ...] = (version_known, action_known, content_sha256_allowed)
SIGNED: Mapping[str, tuple[Check, ...]] = {
    "shape": (common_given, common_types_right, *TARGET, authorization_readable, timestamp_fresh),
    "verify": (
        common_given, common_types_right, *TARGET, authorization_readable, timestamp_fresh, key_known, signature_right,
        token_right,
    ),
    "off": (action_given, *TARGET),
}  # fmt: skip
FIELDS: tuple[Check, ...] = (rate_kept, fields_given, fields_known, field_types_right, number_is_nobodys_here)
ACCOUNT: tuple[Check, ...] = (account_active, fields_decrypted)


def checklist(mode: str, values: tuple[Check, ...]) -> tuple[Check, ...]:
    """Every check in order, for `--signature` shape, verify or off; `values` are those of the action's fields."""
    return (*REQUEST, *SIGNED[mode], *FIELDS, *ACCOUNT, *values)
