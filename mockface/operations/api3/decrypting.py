"""The fields of a call whose number and name came encrypted, or what the gateway says where they stay so."""

from __future__ import annotations

from mockface.gateway import codes, errors
from mockface.gateway.encryption import KeyPair, NotDecrypted, decrypt
from mockface.model import Fields, FieldTable, Refused, Structure
from mockface.operations.api3.refusing import refused

MEMBERS = frozenset({"EncryptList", "CiphertextBlob", "Iv", "Algorithm", "TagList"})
"""What Encryption may hold. Source: page."""


def decrypted(
    fields: Fields, encryption: Structure, table: FieldTable, keys: KeyPair | None
) -> tuple[Fields, Refused | None]:
    """The fields in clear; as they came, with the refusal, where that cannot be."""
    texts = {name: value for name, value in fields.items() if isinstance(value, str)}
    found = decrypt(encryption.members, texts, keys, (table.number, table.name))
    if isinstance(found, NotDecrypted):
        return fields, _refusal(found)
    return {**fields, **found}, None


def _refusal(found: NotDecrypted) -> Refused:
    if found.kind == "missing":
        return refused(errors.MISSING_PARAMETER, found.why, x=found.name)
    if found.kind == "type":
        return refused(errors.PARAMETER_TYPE, found.why, x=found.name)
    code = {
        "value": "InvalidParameterValue",
        "field": "InvalidParameter.UnsupportEncryptField",
        "decryption": "FailedOperation.DecryptSystemError",
    }[found.kind]
    return Refused(codes.EVERY[code], found.why)
