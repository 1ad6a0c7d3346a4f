"""mockface's own API, under `/_mockface/`: typed FastAPI, described in `/docs` beside the emulated operation."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from mockface import __version__
from mockface.emulator import Emulator
from mockface.web.openapi import operation


class Health(BaseModel):
    """That the server answers, which version it is, and how many scenarios it has loaded."""

    status: str
    version: str
    scenarios: int


def create_framework(emulator: Emulator) -> FastAPI:
    """The FastAPI app of everything but the emulated operation."""
    app = FastAPI(title="mockface", version=__version__, redoc_url=None, description=__doc__)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]

    @app.get("/_mockface/health")
    def health() -> Health:
        """Whether the server is up."""
        return Health(status="ok", version=__version__, scenarios=len(emulator.scenarios))

    @app.exception_handler(HTTPException)
    async def in_json(request: Request, fault: HTTPException) -> JSONResponse:
        cause = f"{request.method} {request.url.path}: {fault.detail}; /docs lists what is here"
        return JSONResponse({"error": cause}, fault.status_code, fault.headers)

    return app


def _described(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        schema["paths"] = {"/face/idcardcompare": {"post": operation()}, **schema["paths"]}
        app.openapi_schema = schema
    return app.openapi_schema
