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
    "Extra": "1 to 10 characters; comes back in Extra.",
    "Encryption": "How fields are encrypted: EncryptList, CiphertextBlob, Iv, Algorithm, TagList.",
}
_TIMESTAMP = "Seconds since 1970, within 300 of the server's clock."
_AUTHORIZATION = "TC3-HMAC-SHA256 ...; `mockface sign --tc3` prints one."
_TOLD = (_TIMESTAMP, _AUTHORIZATION)
"""Headers without one value that is always right."""
_SUMMARIES = {
    "ImageRecognition": "Compare a photo with the register's photo for an ID number and a name",
    "ImageRecognitionV2": "The same; a similarity below 70 is CompareLowSimilarity",
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
    properties: dict[str, Any] = {
        name: {"type": "string", "description": TEXTS[name]} for name in (*table.text, *table.pictures)
    }
    properties |= {name: {"type": "object", "description": TEXTS[name]} for name in table.objects}
    return {
        "type": "object", "required": list(table.required), "properties": properties, "additionalProperties": False,
    }  # fmt: skip


def _response(operation: Operation) -> dict[str, Any]:
    results = [code for code in operation.codes if code.data == codes.RESULT]
    refusals = [code for code in operation.codes if code.data == codes.ERROR]
    result = {"Result": {"enum": [code.number for code in results]}, "Description": {"type": "string"}}
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
                                "Sim": {"type": "number"},
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
