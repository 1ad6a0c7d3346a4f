"""Checks of the operation's own fields: who, and which picture."""

from __future__ import annotations

from mockface import codes, idcard
from mockface.checks import showing
from mockface.checks.check import check
from mockface.checks.rules import Rules
from mockface.masking import quoted
from mockface.model import Call, Picture, Refused, WrongType
from mockface.request.picture import ACCEPTED_FORMATS, likeness

_HTTP = ("http://", "https://")


@check(
    evidence="page",
    wanted="idcard_number and idcard_name",
    came=lambda call: f"{showing.field(call, 'idcard_number')}, {showing.field(call, 'idcard_name')}",
)
def identity_given(call: Call, rules: Rules) -> Refused | None:
    """Number and name are there and not empty."""
    fields = call.fields
    if "idcard_number" in fields and "idcard_name" in fields:
        return None
    missing = [name for name in ("idcard_number", "idcard_name") if name not in fields]
    return Refused(codes.IDENTITY_MISSING, f"{' and '.join(missing)} absent or empty; both are needed")


@check(
    evidence="page for the types, assumed for the code",
    wanted="strings",
    came=lambda call: ", ".join(f"{name}: {kind}" for name, kind in call.wrong_types.items()) or "strings",
)
def fields_are_text(call: Call, rules: Rules) -> Refused | None:
    """Every known field is a string, but for an image where a url wins."""
    if WrongType not in map(type, call.fields.values()):
        return None
    for name in call.table.text if "url" in call.fields else (*call.table.text, *call.table.pictures):
        value = call.fields.get(name)
        if isinstance(value, WrongType):
            return Refused(codes.INVALID_PARAMETER, f"{name} is a JSON {value.kind}; expected a string")
    return None


@check(wanted="a number that nobody holds, with --deny-real-ids", came=lambda call: call.number or "none")
def number_is_nobodys(call: Call, rules: Rules) -> Refused | None:
    """With `--deny-real-ids`, no number that looks like a real person's is taken. A rule of mockface's own."""
    if not rules.deny_real_ids:
        return None
    number = call.fields.get("idcard_number")
    if not isinstance(number, str) or not idcard.looks_real(number, call.now):
        return None
    why = (
        "idcard_number looks like a real person's, and --deny-real-ids is on; "
        "'mockface ids' prints numbers that nobody holds"
    )
    return Refused(codes.INVALID_PARAMETER, why)


@check(evidence="page", wanted="url or image", came=lambda call: call.form)
def picture_given(call: Call, rules: Rules) -> Refused | None:
    """There is a url or an image."""
    if "url" in call.fields or "image" in call.fields:
        return None
    return Refused(codes.PHOTO_MISSING, "neither url nor image, or both empty; expected one of them")


@check(evidence="page for the code", wanted="http:// or https://", came=lambda call: showing.field(call, "url"))
def url_is_http(call: Call, rules: Rules) -> Refused | None:
    """A url is http or https; it is never fetched, mockface is offline."""
    url = call.fields.get("url")
    if not isinstance(url, str) or url.startswith(_HTTP) or url.lower().startswith(_HTTP):
        return None
    return Refused(
        codes.PHOTO_MISSING, f"url begins {quoted(url, 8)}; expected http:// or https:// (it is not fetched)"
    )


@check(evidence="page for GIF", wanted=", ".join(ACCEPTED_FORMATS), came=showing.picture)
def picture_decodable(call: Call, rules: Rules) -> Refused | None:
    """The image is JPEG, PNG, BMP or WEBP by its bytes; a url makes it unseen."""
    picture = call.fields.get("image")
    if "url" in call.fields or not isinstance(picture, Picture):
        return None
    wanted = ", ".join(ACCEPTED_FORMATS)
    if picture.format == "GIF":
        return Refused(codes.PHOTO_UNDECODABLE, f"the image is a GIF by its first bytes; expected {wanted}")
    if rules.any_picture or (picture.format and not picture.fault):
        return None
    if picture.fault:
        why = f"the image came as {picture.form} but is not base64: {picture.fault}"
    else:
        why = f"the image ({picture.form}, {picture.size_bytes} bytes) {likeness(picture.head)} by its first bytes"
    return Refused(codes.PHOTO_UNDECODABLE, f"{why}; expected {wanted}, or anything with --pictures any")
