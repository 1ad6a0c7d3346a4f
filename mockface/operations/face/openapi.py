"""The sisters for `/docs`: an OpenAPI operation each, generated from the record."""

from __future__ import annotations

from typing import Any

from mockface.operation import Operation
from mockface.operations.idcardcompare.openapi import AUTHORIZATION

TEXTS = {
    "appid": "The account's appid, a string even where it is all digits.",
    "bucket": "Historical; may be left out.",
    "seq": "A mark of the request; it finds the call in the journal and is not returned.",
    "validate_data": "The four digits that the person reads aloud; digits such as 5008 spell a code.",
    "compare_flag": "true compares the face with the card, false does not.",
    "idcard_number": "Resident ID number.",
    "idcard_name": "Name on the ID card, in UTF-8.",
    "url": "Picture by URL, http or https; wins over image. mockface does not fetch it.",
    "urlA": "First picture by URL; wins over imageA.",
    "urlB": "Second picture by URL; wins over imageB.",
    "image": "The picture.",
    "imageA": "The first picture.",
    "imageB": "The second picture.",
    "card": "The photo that the face is compared with.",
    "video": "The video, 6 MB with the rest of the body; it is looked at and not decoded.",
}
SUMMARIES = {
    "livegetfour": "Deal four digits to read aloud",
    "livedetectfour": "Tell whether a video shows a live person, and compare it with a photo",
    "idcardlivedetectfour": "Tell whether a video shows a live person, and compare it with the register",
    "livedetectpicture": "Tell how live the face of a photo is",
    "compare": "Compare the faces of two photos",
    "authidcard": "Tell whether a name belongs to an ID number",
}
_DATA: dict[str, dict[str, str]] = {
    "livegetfour": {"validate_data": "string"},
    "livedetectfour": {
        "compare_msg": "string", "compare_status": "integer", "live_status": "integer", "live_msg": "string",
        "sim": "integer", "photo": "string",
    },
    "idcardlivedetectfour": {
        "compare_msg": "string", "compare_status": "integer", "live_status": "integer", "live_msg": "string",
        "sim": "integer", "video_photo": "string",
    },
    "livedetectpicture": {"session_id": "string", "score": "integer"},
    "compare": {"session_id": "string", "similarity": "number", "fail_flag": "integer"},
    "authidcard": {},
}  # fmt: skip


def describe(operation: Operation) -> dict[str, Any]:
    """The OpenAPI operation object."""
    forms = {"multipart/form-data": _form(operation, {"type": "string", "format": "binary"})}
    if not operation.table.videos:
        as_text = {"type": "string", "description": "base64 or a data URL"}
        forms = {"application/json": _form(operation, as_text), **forms}
    return {
        "summary": SUMMARIES[operation.name],
        "description": "An emulated operation. A refusal has `code` and `message`; see the codes at each status.",
        "tags": ["emulated"],
        "parameters": [AUTHORIZATION],
        "requestBody": {"required": True, "content": {kind: {"schema": schema} for kind, schema in forms.items()}},
        "responses": {
            str(status): _response(operation, status) for status in sorted({code.status for code in operation.codes})
        },
    }


def _form(operation: Operation, file: dict[str, str]) -> dict[str, Any]:
    table = operation.table
    texts = {name: {"type": "string", "description": TEXTS[name]} for name in table.text}
    files = {name: {**file, "description": TEXTS[name]} for name in (*table.videos, *table.pictures)}
    return {"type": "object", "required": ["appid"], "properties": {**texts, **files}}


def _response(operation: Operation, status: int) -> dict[str, Any]:
    here = [code for code in operation.codes if code.status == status]
    data = {name: {"type": kind} for name, kind in _DATA[operation.name].items()}
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
                        "code": {"type": "integer"},
                        "message": {"type": "string"},
                        "data": {"type": "object", "properties": data},
                    },
                }
            }
        },
    }
