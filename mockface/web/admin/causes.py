"""What is wrong with a request to mockface's own API, in words: the faults that pydantic finds, read for people."""

from __future__ import annotations

from typing import Any, get_args

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.requests import Request

from mockface.privacy.masking import shown
from mockface.scenariofiles.diagnostic import nearest

FAULTS_TOLD = 10
"""How many faults are told; a request may have thousands."""


def causes(request: Request, fault: RequestValidationError) -> list[str]:
    """Every fault with where it is; a field that does not exist with the ones that do."""
    known = _known_fields(request)
    faults = fault.errors()
    first = faults[:FAULTS_TOLD]
    told = [f"{'.'.join(shown(str(part)) for part in error['loc'])}: {_cause(error, known)}" for error in first]
    more = [f"and {len(faults) - FAULTS_TOLD} more"] if len(faults) > FAULTS_TOLD else []
    return told + more


def _cause(error: dict[str, Any], known: list[str]) -> str:
    if error["type"] == "extra_forbidden" and known:
        return f"there is no such field; {nearest(str(error['loc'][-1])[:100], known)}"
    # What a validator of ours raised is already in words; pydantic puts "Value error, " before it.
    return str(error["ctx"]["error"]) if error["type"] == "value_error" else str(error["msg"])


def _known_fields(request: Request) -> list[str]:
    """The fields of the body that the path of this request takes."""
    body = getattr(request.scope.get("route"), "body_field", None)
    annotation = getattr(getattr(body, "field_info", None), "annotation", None)
    for model in get_args(annotation) or (annotation,):
        if isinstance(model, type) and issubclass(model, BaseModel):
            return list(model.model_fields)
    return []
