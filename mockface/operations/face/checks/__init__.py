"""What is checked of the sisters' own fields, behind request, signature and account; the order is assumed."""

from __future__ import annotations

from mockface.checks import ACCOUNT_CHECKS, REQUEST_CHECKS, SIGNATURE_CHECKS, Check
from mockface.operations.face.checks.digits import digits_dealt, digits_given, digits_of_four
from mockface.operations.face.checks.photos import (
    photo_decodable,
    photo_urls_http,
    photos_decodable,
    photos_given,
    texts_are_text,
)
from mockface.operations.face.checks.videos import (
    body_is_multipart,
    card_decodable,
    card_given,
    flag_given,
    video_given,
    video_has_sound,
    video_large_enough,
    video_valid,
)
from mockface.operations.idcardcompare.checks import (
    identity_given,
    number_is_nobodys,
    picture_given,
    url_is_http,
)

OF_DIGITS: tuple[Check, ...] = (texts_are_text,)
OF_COMPARE: tuple[Check, ...] = (texts_are_text, photos_given, photo_urls_http, photos_decodable)
OF_PICTURE: tuple[Check, ...] = (texts_are_text, picture_given, url_is_http, photo_decodable)
OF_IDENTITY: tuple[Check, ...] = (identity_given, texts_are_text, number_is_nobodys)
_VIDEO = (video_given, video_valid, video_large_enough, video_has_sound)
_DIGITS = (digits_of_four, digits_dealt)
OF_VIDEO: tuple[Check, ...] = (
    body_is_multipart, digits_given, flag_given, video_given, card_given, *_VIDEO[1:], *_DIGITS, card_decodable,
)  # fmt: skip
OF_IDENTITY_VIDEO: tuple[Check, ...] = (
    body_is_multipart, identity_given, number_is_nobodys, digits_given, *_VIDEO, *_DIGITS,
)  # fmt: skip


def checklist(mode: str, own: tuple[Check, ...]) -> tuple[Check, ...]:
    """Every check in order, for `--signature` shape, verify or off."""
    return REQUEST_CHECKS + SIGNATURE_CHECKS[mode] + ACCOUNT_CHECKS + own
