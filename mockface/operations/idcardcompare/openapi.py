"""The emulated operation for `/docs`: an OpenAPI operation generated from the code table."""

from __future__ import annotations

from typing import Any

from mockface import codes

_TEXT = {
    "appid": "The account's appid, a string even where it is all digits.",
    "idcard_number": "Resident ID number.",
    "idcard_name": "Name on the ID card, in UTF-8.",
    "url": "Picture by URL, http or https; wins over image. mockface does not fetch it.",
    "session_id": "Comes back in data.session_id.",
    "bucket": "Historical; may be left out.",
}
_REQUIRED = ["appid", "idcard_number", "idcard_name"]


AUTHORIZATION: dict[str, Any] = {
    "name": "Authorization",
    "in": "header",
    "required": True,
    "description": "Signature, bare; `mockface sign` prints one.",
    "schema": {"type": "string"},
}
"""The header that every operation of the image API takes."""


def operation() -> dict[str, Any]:
    """The OpenAPI operation object of `POST /face/idcardcompare`."""
    return {
        "summary": "Compare a photo with the register's photo for an ID number and a name",
        "description": "The emulated operation. Every refusal has `code` and `message`; see the codes at each status.",
        "tags": ["emulated"],
        "parameters": [AUTHORIZATION],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _form({"type": "string", "description": "base64 or a data URL"})},
                "multipart/form-data": {"schema": _form({"type": "string", "format": "binary"})},
            },
        },
        "responses": {str(status): _response(status) for status in sorted({code.status for code in codes.TABLE})},
    }


def _form(image: dict[str, str]) -> dict[str, Any]:
    properties: dict[str, Any] = {
        name: {"type": "string", "description": description} for name, description in _TEXT.items()
    }
    return {"type": "object", "required": _REQUIRED, "properties": {**properties, "image": image}}


def _response(status: int) -> dict[str, Any]:
    here = [code for code in codes.TABLE if code.status == status]
    data = {
        "type": "object",
        "properties": {
            "session_id": {"type": "string"},
            "similarity": {"type": "number", "minimum": 0, "maximum": 100},
        },
    }
    return {
        "description": "\n".join(
            f"- `{code.number}` {code.name}: {code.meaning_en} ({code.meaning_zh})" for code in here
        ),
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["code", "message"],
                    "properties": {
                        "code": {"type": "integer", "enum": [code.number for code in here]},
                        "message": {"type": "string"},
                        "data": data,
                    },
                }
            }
        },
    }
