"""What every body of a request to mockface's API has in common: fields that exist, and not thousands that do not."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, model_validator

from mockface.privacy.masking import shown

FIELDS_LIMIT = 50
"""So many fields are looked at one by one; each that does not exist is a fault of its own."""


class Asked(BaseModel):
    """A body; a field that does not exist is refused."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def must_be_few(cls, given: object) -> object:
        """Refuse in one sentence what would take long to refuse field by field, or value by value."""
        if isinstance(given, dict) and len(given) > FIELDS_LIMIT:
            raise ValueError(f"{len(given)} fields came; there are {', '.join(cls.model_fields)}")
        for name, value in given.items() if isinstance(given, dict) else ():
            odd = next((one for one in value if not isinstance(one, str)), None) if isinstance(value, list) else None
            if odd is not None:
                raise ValueError(f"{shown(str(name))} holds {shown(str(odd))}; its values are strings")
        return given
