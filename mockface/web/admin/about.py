"""Routes about the server: health, codes, assumptions, coverage."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from email.utils import formatdate
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, Field

from mockface import __version__
from mockface.journal import coverage
from mockface.operation import Operation
from mockface.operations import listing
from mockface.operations.assumed import ASSUMPTIONS
from mockface.operations.digits import SPELLING, spelled
from mockface.privacy.masking import shown
from mockface.scenariofiles import schema
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.web.app import App
from mockface.web.app import health as state_of


class BackgroundPart(BaseModel):
    __doc__ = "A task or thread of the server that failed."

    part: str
    state: Literal["running", "restarting", "failing", "ended"] = Field(
        description="`running` again, `restarting` after a pause, `failing` (it runs without success), or `ended`."
    )
    failures: int = Field(description="Number of failures since the start.")
    failed_at: float = Field(description="Time of the last failure, seconds since 1970.")
    why: str


class StoreState(BaseModel):
    __doc__ = "The store that servers share, as this server sees it."

    url: str = Field(description="Without user and password.")
    prefix: str
    answers: bool = Field(description="Whether it answers; while it does not, calls that need it get HTTP 503.")
    why: str = Field(description="Why it does not answer; empty if it does.")
    server: str = Field(description="The name of this server.")
    servers: list[str] = Field(description="The servers that share the store.")


class Health(BaseModel):
    __doc__ = "The state of the server, and the scenarios in use."

    status: Literal["ok", "failing"] = Field(description="`failing` while a part of `background` has not recovered.")
    ready: bool = Field(description="Whether every call is answered; while it is false, the status is 503.")
    error: str | None = Field(description="Why not every call is answered; none while it is ready.")
    version: str
    scenarios: int = Field(description="Number of loaded scenarios, including those added at run time.")
    loaded_at: float = Field(description="Time when the set in use was read, seconds since 1970.")
    reloads: int
    errors: list[str] = Field(description="Why a changed file is not in use; the last valid set stays in use.")
    errors_zh: list[str] = Field(description="The same in Chinese.")
    http: str = Field(description="HTTP parser: httptools, h11, plain (stock uvicorn), or asgi (another server).")
    http_why: str = Field(description="Why it is plain although that was not requested.")
    store: StoreState | None = Field(description="The store that servers share; none without --store.")
    background: list[BackgroundPart] = Field(description="Background tasks that failed since the start: log, watching.")


class Index(BaseModel):
    __doc__ = "The main paths, for clients that use the `admin_url` of a ready file."

    version: str
    operations: list[str] = Field(description="Emulated operations: method and path.")
    docs: str = "/docs"
    openapi: str = "/openapi.json"
    console: str = "/"
    health: str = "/_mockface/health"
    codes: str = "/_mockface/codes"
    numbers: str = "/_mockface/numbers"
    scenarios: str = "/_mockface/scenarios"
    calls: str = "/_mockface/calls"
    coverage: str = "/_mockface/coverage"


def health_routes(app: App) -> APIRouter:
    """The health route, which stays even with --no-admin."""
    router = APIRouter(prefix="/_mockface", tags=["about"])

    @router.get(
        "/health",
        responses={503: {"model": Health, "description": "The store does not answer, see `store`."}},
        description="Whether the server is up and what it serves.",
    )
    async def health(response: Response) -> Health:
        response.headers["Date"] = formatdate(usegmt=True)  # 'mockface doctor' compares the clocks by it
        told = Health(**state_of(app))
        response.status_code = 200 if told.ready else 503
        return told

    return router


class OperationSummary(BaseModel):
    __doc__ = "An emulated operation: its path, and the fields that it reads."

    name: str
    method: str
    path: str
    action: str = Field(description='The value of X-TC-Action, "" outside API 3.0.')
    text_fields: list[str]
    picture_fields: list[str]
    video_fields: list[str]
    required_fields: list[str] = Field(description="Those that a call must give, where the gateway looks for them.")
    forms: list[str] = Field(description="The forms of input that coverage counts.")
    number_field: str = Field(description='The field whose value finds a scenario, "" without one.')
    name_field: str = Field(description='The field that a scenario\'s name is compared with, "" without one.')
    codes: int = Field(description="Number of codes that it can answer.")
    digits: dict[str, str] = Field(description="Digits of a video that spell a code, by the code; {} without videos.")


class ExampleRequest(BaseModel):
    __doc__ = "A request that is ready to send."

    method: str
    path: str
    headers: dict[str, str]
    body: str


def shown_place(operation: Operation) -> str:
    """An operation's method, path, and its action if it has one."""
    action = f" (X-TC-Action: {operation.action})" if operation.action else ""
    return f"POST {operation.path}{action}"


def spelling(operation: Operation) -> dict[str, str]:
    """The digits that spell each code of an operation that looks at a video; the first that do."""
    found: dict[str, str] = {}
    for digits in (f"{number:04d}" for part in SPELLING for number in part) if operation.table.videos else ():
        code = spelled(digits)
        word = operation.words.get(code.name) if code is not None else None
        if code is not None and not operation.owns(code):
            code = None if word is None else word.code
        if code is not None:
            found.setdefault(str(code.number), digits)
    return found


def routes(app: App) -> APIRouter:
    """The routes of this part of the API."""
    router = APIRouter(prefix="/_mockface", tags=["about"])

    @router.get("/", description="The main paths, for people and tools.")
    async def index() -> Index:
        return Index(version=__version__, operations=[shown_place(one) for one in app.controls.operations])

    @router.get("/operations", description="The emulated operations, and the fields that each reads.")
    async def operations_() -> list[OperationSummary]:
        return [
            OperationSummary(
                name=one.name, method="POST", path=one.path, action=one.action,
                text_fields=list(one.table.text), picture_fields=list(one.table.pictures),
                video_fields=list(one.table.videos),
                required_fields=list(one.table.required), forms=list(one.dialect.forms),
                number_field=one.table.number, name_field=one.table.name,
                codes=len(one.codes), digits=spelling(one),
            )
            for one in app.controls.operations
        ]  # fmt: skip

    @router.post(
        "/operations/{name}/example",
        description="A request of an operation with these fields, signed and ready to send; what else it needs is "
        "added.",
    )
    async def example(name: str, fields: Annotated[dict[str, str], Body()], request: Request) -> ExampleRequest:
        found = next((one for one in app.controls.operations if one.name == name), None)
        if found is None:
            names = ", ".join(one.name for one in app.controls.operations)
            raise HTTPException(404, f"there is no operation {shown(name)}; there are {names}")
        made = found.example(
            fields, TEST_ACCOUNT, app.controls.now(), secrets.randbelow(10**10), request.headers.get("host", "")
        )
        return ExampleRequest(
            method="POST", path=found.path, headers=dict(made.headers), body=made.body.decode("utf-8", "replace")
        )

    @router.get(
        "/codes",
        description="Every code: names, meanings, wire message, status, evidence, who can fix it, whether to retry, "
        "a number.",
    )
    async def codes() -> list[dict[str, Any]]:
        return listing.codes_as_data(app.controls.operations)

    @router.get(
        "/numbers",
        description="The shipped numbers of a lane, each with its kind (similarity, code, delay, fault, story), its "
        "name and its outcome; or the one for a similarity, or for a delay in seconds.",
    )
    async def numbers(
        lane: Annotated[int, Query(ge=1, le=28)] = 1, similarity: float | None = None, delay: float | None = None
    ) -> list[dict[str, Any]]:
        try:
            if similarity is not None:
                return [listing.number_of_similarity(similarity, lane)]
            if delay is not None:
                return [listing.number_of_delay(delay, lane)]
        except ValueError as fault:
            raise HTTPException(422, str(fault)) from fault
        return listing.numbers(app.controls.operations, lane)

    @router.get(
        "/schema",
        description="The JSON Schema of scenario files; a scenario added here has the fields of its `scenario`.",
    )
    async def schema_of_files() -> dict[str, Any]:
        return schema.schema()

    @router.get("/settings", description="The settings of the server, without its token and the secret of its store.")
    async def settings() -> dict[str, Any]:
        return {**app.settings.shown, "scenarios": [str(path) for path in app.settings.scenarios]}

    @router.get("/assumptions", description="Every assumed behaviour with its reason, its evidence and its setting.")
    async def assumptions() -> list[dict[str, str]]:
        return [asdict(assumption) for assumption in ASSUMPTIONS]

    pem = {"application/x-pem-file": {"schema": {"type": "string"}}}

    @router.get(
        "/ca.pem",
        response_class=Response,
        responses={200: {"content": pem}},
        description="The CA certificate that an HTTPS client must trust, as PEM.",
    )
    async def ca_certificate() -> Response:
        if app.ca is None:
            raise HTTPException(
                404,
                "this server has no CA certificate; --tls auto makes one, a --tls-cert file may include one",
            )
        return Response(app.ca, media_type="application/x-pem-file")

    forms = {kind: {"schema": {"type": "string"}} for kind in ("text/plain", "text/markdown")}

    @router.get(
        "/coverage",
        response_model=None,
        responses={200: {"content": forms}},
        description="Which codes, forms of input and faults were covered since the start "
        "or the last reset of the journal.",
    )
    async def show_coverage(
        form: Annotated[Literal["json", "text", "markdown"], Query(alias="format")] = "json",
    ) -> dict[str, Any] | Response:
        await app.acting.fresh(counts=True)
        report = app.controls.coverage()
        if form == "text":
            return PlainTextResponse(coverage.as_text(report) + "\n")
        if form == "markdown":
            return PlainTextResponse(coverage.as_markdown(report) + "\n", media_type="text/markdown")
        return report

    return router
