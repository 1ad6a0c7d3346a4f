"""An action of API 3.0 for `/docs`: an OpenAPI operation generated from its record."""

from __future__ import annotations

from typing import Any

from mockface.gateway import codes
from mockface.gateway.making import VERSION
from mockface.operation import Operation

TEXTS = {
    "IdCard": "Resident ID number.",
    "Name": "Name on the ID card, in UTF-8.",
    "ImageBase64": "A JPEG or PNG in Base64, at most 3 M of it.",
    "Optional": "Ignored.",
    "ActionType": "Not needed.",
    "LivenessType": "How the video was recorded: LIP, ACTION or SILENT.",
    "ValidateData": "LIP: the four digits of GetLiveCode; ACTION: the order of GetActionSequence; SILENT: none.",
    "VideoBase64": "An MP4, AVI or FLV in Base64, at most 8 M of it; it, or VideoUrl.",
    "VideoUrl": "The video's URL, which is not fetched; VideoBase64 wins.",
    "ImageUrl": "The picture's URL, which is not fetched; ImageBase64 wins.",
    "Extra": "1 to 10 characters; comes back in Extra.",
    "Encryption": "How fields are encrypted: EncryptList, CiphertextBlob, Iv, Algorithm, TagList.",
}
_OF_LIVENESS = {
    "Optional": "A JSON object as a text; its BestFrameNum, from 2 to 10, asks for so many frames.",
}
"""What is said otherwise of an action that looks at a video."""
_FRAMES = {
    "BestFrameBase64": {"type": ["string", "null"], "description": "A JPEG in Base64; null with a failure."},
    "BestFrameList": {"type": ["array", "null"], "items": {"type": "string"}},
}
_GIVEN: dict[str, dict[str, Any]] = {
    "GetLiveCode": {"LiveCode": {"type": "string", "pattern": "^[0-9]{4}$"}},
    "GetActionSequence": {"ActionSequence": {"enum": ["1,2", "2,1"]}},
}
"""The answers that have no Result."""
_TIMESTAMP = "Seconds since 1970, within 300 of the server's clock."
_AUTHORIZATION = "TC3-HMAC-SHA256 ...; `mockface sign --tc3` prints one."
_TOLD = (_TIMESTAMP, _AUTHORIZATION)
"""Headers without one value that is always right."""
_SUMMARIES = {
    "ImageRecognition": "Compare a photo with the register's photo for an ID number and a name",
    "ImageRecognitionV2": "The same; a similarity below 70 is CompareLowSimilarity",
    "GetLiveCode": "Give the four digits that a person reads aloud in a video",
    "GetActionSequence": "Give the order of the actions that a person does in a video",
    "LivenessRecognition": "Say whether a video shows a live person, and compare it with the register's photo",
    "LivenessCompare": "Say whether a video shows a live person, and compare it with a picture",
    "IdCardVerification": "Say whether an ID number and a name belong together",
}


def describe(operation: Operation) -> dict[str, Any]:
    """The OpenAPI operation object of an action."""
    return {
        "summary": _SUMMARIES[operation.name],
        "description": "An action of API 3.0: POST / with the header X-TC-Action. HTTP 200 for every answer; failures "
        "are a Result, those of the gateway an Error.",
        "tags": ["emulated"],
        "parameters": [_header(name, text) for name, text in _headers(operation).items()],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _fields(operation)}}},
        "responses": {"200": _response(operation)},
    }


def _headers(operation: Operation) -> dict[str, str]:
    return {
        "X-TC-Action": operation.action,
        "X-TC-Version": VERSION,
        "X-TC-Timestamp": _TIMESTAMP,
        "Authorization": _AUTHORIZATION,
    }


def _header(name: str, text: str) -> dict[str, Any]:
    schema = {"type": "string"} if text in _TOLD else {"type": "string", "enum": [text]}
    return {"name": name, "in": "header", "required": True, "description": text, "schema": schema}


def _fields(operation: Operation) -> dict[str, Any]:
    table = operation.table
    texts = TEXTS | _OF_LIVENESS if table.videos else TEXTS
    properties: dict[str, Any] = {
        name: {"type": "string", "description": texts[name]} for name in (*table.text, *table.pictures, *table.videos)
    }
    properties |= {name: {"type": "object", "description": TEXTS[name]} for name in table.objects}
    return {
        "type": "object", "required": list(table.required), "properties": properties, "additionalProperties": False,
    }  # fmt: skip


def _response(operation: Operation) -> dict[str, Any]:
    results = [code for code in operation.codes if code.data == codes.RESULT]
    refusals = [code for code in operation.codes if code.data == codes.ERROR]
    result = _GIVEN.get(operation.name) or {
        "Result": {"enum": [code.number for code in results]},
        "Description": {"type": "string"},
        "Sim": {"type": "number"},
        **(_FRAMES if operation.table.videos else {}),
    }
    return {
        "description": "\n".join(
            f"- `{code.number}`: {code.meaning_en} ({code.meaning_zh})" for code in operation.codes
        ),
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["Response"],
                    "properties": {
                        "Response": {
                            "type": "object",
                            "required": ["RequestId"],
                            "properties": {
                                "RequestId": {"type": "string", "format": "uuid"},
                                **result,
                                "Error": {
                                    "type": "object",
                                    "properties": {
                                        "Code": {"enum": [code.number for code in refusals]},
                                        "Message": {"type": "string"},
                                    },
                                },
                            },
                        }
                    },
                }
            }
        },
    }
