"""Builds the FastAPI app of mockface's API: routes, errors and description."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from mockface import __version__
from mockface.errors import BadScenario, BadValue, Exhausted, MockfaceError, StoreLost, Unknown
from mockface.operation import Operation
from mockface.privacy.masking import masked_numbers
from mockface.reasons import Said, chinese
from mockface.texts.escaping import json_text
from mockface.web.admin import about, calls, control, metrics, scenarios, switches
from mockface.web.admin.causes import causes
from mockface.web.app import App
from mockface.web.front import Front

logger = logging.getLogger("mockface")


class Error(BaseModel):
    __doc__ = "The form of all errors of this API."

    error: str = Field(description="What is wrong: the value received and the value expected.")
    reasons: list[str] = Field(default=[], description="The same as single sentences without the path, for programs.")
    error_zh: str | None = Field(default=None, description="The same in Chinese, if available.")


_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Error, "description": "The body is not JSON."},
    401: {"model": Error, "description": "The token is missing or wrong."},
    403: {"model": Error, "description": "A page of another site, or an unknown Host."},
    404: {"model": Error, "description": "It does not exist."},
    409: {"model": Error, "description": "Every number is in use."},
    503: {"model": Error, "description": "The store of --store does not answer, or a server does not follow."},
    413: {"model": Error, "description": "The body is too long; the error states the limit."},
    422: {"model": Error, "description": "A value is not valid; the error names it."},
}
"""Possible answers of all paths besides their own; without this FastAPI documents its own form of a 422."""

_STATUSES: dict[type[MockfaceError], int] = {BadScenario: 422, BadValue: 422, Unknown: 404, Exhausted: 409}
"""The HTTP status of each exception."""


class Json(JSONResponse):
    """JSON in UTF-8 with Chinese unescaped; lone surrogates are escaped, since UTF-8 cannot encode them."""

    def render(self, content: object) -> bytes:
        """The body."""
        return json_text(content).encode()


def create_framework(app_: App) -> FastAPI:
    """The FastAPI app for everything except the emulated operations."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        """For servers that support ASGI's lifespan; mockface's own server starts and stops the app itself."""
        await app_.join()
        app_.begin()
        yield
        app_.stop()
        await app_.leave()

    app = FastAPI(
        lifespan=lifespan,
        title="mockface",
        version=__version__,
        docs_url=None,
        openapi_url=None,
        redoc_url=None,
        default_response_class=Json,
        description="mockface's own API, under `/_mockface/`: typed FastAPI, documented in `/docs` "
        "together with the emulated operations.",
    )
    app.add_middleware(Front, running=app_)
    app.openapi = lambda: _described(app, app_.controls.operations)  # type: ignore[method-assign]

    @app.get("/openapi.json", include_in_schema=False)
    def description(request: Request) -> Json:
        prefix = request.scope.get("root_path", "")
        return Json({**app.openapi(), "servers": [{"url": prefix}]} if prefix else app.openapi())

    app.include_router(about.health_routes(app_))
    if not app_.settings.no_admin:
        controls, acting, beside = app_.controls, app_.acting, app_.beside
        for rooms in (
            about.routes(app_), metrics.routes(app_), scenarios.routes(controls, acting, beside),
            calls.routes(controls, acting, beside, hints=not app_.settings.no_hints), control.routes(controls, acting),
            switches.routes(controls.switches, acting),
        ):  # fmt: skip
            app.include_router(rooms, responses=_REFUSALS)

    @app.exception_handler(MockfaceError)
    async def refused(request: Request, fault: MockfaceError) -> Json:
        reasons = fault.mistakes if isinstance(fault, BadScenario) else fault.args[:1]
        return _refusal(request, _STATUSES[type(fault)], reasons)

    @app.exception_handler(StoreLost)
    async def without_store(request: Request, fault: StoreLost) -> Json:
        return _refusal(request, 503, [f"the store does not answer: {fault}"])

    @app.exception_handler(HTTPException)
    async def in_json(request: Request, fault: HTTPException) -> Json:
        detail = fault.detail if fault.status_code != 404 or fault.detail != "Not Found" else "nothing is here"
        return _refusal(request, fault.status_code, [detail], _with_head(fault.headers))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, fault: RequestValidationError) -> Json:
        reasons = [masked_numbers(cause) for cause in causes(request, fault)]
        return Json({"error": "; ".join(reasons), "reasons": reasons}, 422)

    @app.exception_handler(Exception)
    async def own_fault(request: Request, fault: Exception) -> Json:
        logger.error("mockface's API failed; this is a bug in mockface, please report it", exc_info=fault)
        cause = f"{request.method} {request.url.path}: internal error of mockface; see its log"
        return Json(
            {"error": masked_numbers(cause)}, 500, {"X-Mockface-Bug": "unexpected exception; see the log of the server"}
        )

    return app


def _refusal(request: Request, status: int, reasons: Sequence[str], headers: Mapping[str, str] | None = None) -> Json:
    """The error: with the path for people, also in Chinese if available; without the path for programs."""
    told = [masked_numbers(reason) for reason in reasons]
    place = masked_numbers(f"{request.method} {request.url.path}")
    answer: dict[str, Any] = {"error": f"{place}: {'; '.join(told)}; /docs lists all paths", "reasons": told}
    if any(isinstance(reason, Said) for reason in reasons):
        in_chinese = "；".join(masked_numbers(chinese(reason)) for reason in reasons)
        answer["error_zh"] = f"{place}：{in_chinese}；/docs 列出全部接口"
    return Json(answer, status, headers)


def _with_head(headers: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """The headers of an error; an Allow with GET also gets HEAD, which every GET route answers."""
    allowed = (headers or {}).get("Allow", "").split(", ")
    return {**(headers or {}), "Allow": ", ".join([*allowed, "HEAD"])} if "GET" in allowed else headers


def _place(operation: Operation) -> str:
    """A path that no other operation has: OpenAPI knows no headers to tell operations apart."""
    return f"{operation.path}#{operation.action}" if operation.action else operation.path


def _described(app: FastAPI, operations: Iterable[Operation]) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        described = {_place(operation): {"post": operation.describe()} for operation in operations}
        schema["paths"] = {**described, **schema["paths"]}
        app.openapi_schema = schema
    return app.openapi_schema
