"""Explains invalid requests to mockface's own API: turns pydantic's errors into sentences."""

from __future__ import annotations

from typing import Any, get_args

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.requests import Request

from mockface.privacy.masking import shown
from mockface.scenariofiles.diagnostic import nearest

FAULTS_TOLD = 10
"""The most errors that are reported; a request may have thousands."""


def causes(request: Request, fault: RequestValidationError) -> list[str]:
    """Each error with its position; for an unknown field also the known ones."""
    known = _known_fields(request)
    faults = fault.errors()
    first = faults[:FAULTS_TOLD]
    told = [f"{'.'.join(shown(str(part)) for part in error['loc'])}: {_cause(error, known)}" for error in first]
    more = [f"and {len(faults) - FAULTS_TOLD} more"] if len(faults) > FAULTS_TOLD else []
    return told + more


def _cause(error: dict[str, Any], known: list[str]) -> str:
    if error["type"] == "extra_forbidden" and known:
        return f"there is no such field; {nearest(str(error['loc'][-1])[:100], known)}"
    # Errors of mockface's validators are sentences already; pydantic puts "Value error, " before them.
    return str(error["ctx"]["error"]) if error["type"] == "value_error" else str(error["msg"])


def _known_fields(request: Request) -> list[str]:
    """The fields of the request body for this path."""
    body = getattr(request.scope.get("route"), "body_field", None)
    annotation = getattr(getattr(body, "field_info", None), "annotation", None)
    for model in get_args(annotation) or (annotation,):
        if isinstance(model, type) and issubclass(model, BaseModel):
            return list(model.model_fields)
    return []
