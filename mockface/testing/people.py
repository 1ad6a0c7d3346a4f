"""Persons that a test adds, the fields of their scenarios, and the account that signs for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from mockface.signature.accounts import TEST_ACCOUNT


@dataclass(frozen=True, slots=True)
class Person:
    """A person with a scenario. Send both fields in a call."""

    idcard_number: str
    idcard_name: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """The built-in test account; give it to the client under test. Its key is not a real secret."""

    appid: str = TEST_ACCOUNT.appid
    secret_id: str = TEST_ACCOUNT.secret_id
    secret_key: str = TEST_ACCOUNT.secret_key
    bucket: str = TEST_ACCOUNT.buckets[0]


class ScenarioFields(TypedDict, total=False):
    """The fields of a scenario, as in a file (docs/scenarios.md). A test compares them with the reader's."""

    similarity: float | Mapping[str, float]
    code: int | str
    result: str
    error: str
    live: int | str
    message: str
    status: int
    data: object
    delay: str | Mapping[str, Any]
    fault: str | Mapping[str, float]
    rate: float
    otherwise: Mapping[str, Any]
    sequence: Sequence[Mapping[str, Any]]
    then: str
    name: str
    note: str
