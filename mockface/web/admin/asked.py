"""The base of all request bodies of mockface's API: unknown fields are refused, and their number is limited."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, model_validator

from mockface.privacy.masking import shown

FIELDS_LIMIT = 50
"""The most fields that are checked one by one; each unknown one is an error of its own."""


class Asked(BaseModel):
    """A request body; an unknown field is refused."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def must_be_few(cls, given: object) -> object:
        """Refuse in one sentence what would take long to refuse field by field or value by value."""
        if isinstance(given, dict) and len(given) > FIELDS_LIMIT:
            raise ValueError(f"got {len(given)} fields; expected {', '.join(cls.model_fields)}")
        for name, value in given.items() if isinstance(given, dict) else ():
            odd = next((one for one in value if not isinstance(one, str)), None) if isinstance(value, list) else None
            if odd is not None:
                raise ValueError(f"{shown(str(name))} holds {shown(str(odd))}; expected strings")
        return given
