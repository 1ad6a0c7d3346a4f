"""The checks of `POST /face/idcardcompare` in the order in which it refuses."""

from __future__ import annotations

from mockface.checks import ACCOUNT_CHECKS, REQUEST_CHECKS, SIGNATURE_CHECKS, Check
from mockface.operations.idcardcompare.checks import (
    fields_are_text,
    identity_given,
    number_is_nobodys,
    picture_decodable,
    picture_given,
    url_is_http,
)

PARAMETER_CHECKS: tuple[Check, ...] = (
    identity_given,
    fields_are_text,
    number_is_nobodys,
    picture_given,
    url_is_http,
    picture_decodable,
)


def checklist(signature_mode: str) -> tuple[Check, ...]:
    """Every check in order, for `--signature` shape, verify or off."""
    return REQUEST_CHECKS + SIGNATURE_CHECKS[signature_mode] + ACCOUNT_CHECKS + PARAMETER_CHECKS
