"""What this server is: health, codes, assumptions, coverage."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, Field

from mockface import __version__, coverage, listing
from mockface.assumptions import ASSUMPTIONS
from mockface.web.app import App


class Health(BaseModel):
    """That the server answers, and which scenarios it goes by."""

    status: Literal["ok"] = "ok"
    ready: bool = True
    version: str
    scenarios: int = Field(description="How many are loaded, those of run time included.")
    loaded_at: float = Field(description="When the set in use was read, seconds since 1970.")
    reloads: int
    errors: list[str] = Field(description="Why a changed file is not in use; the last good set goes on serving.")


def health_routes(app: App) -> APIRouter:
    """The health, which stays even with --no-admin."""
    router = APIRouter(prefix="/_mockface", tags=["about"])

    @router.get("/health")
    async def health() -> Health:
        """Whether the server is up and what it serves."""
        loading = app.loading
        return Health(
            version=__version__,
            scenarios=len(app.emulator.scenarios),
            loaded_at=loading.loaded_at,
            reloads=loading.reloads,
            errors=[f"{one.place}: {one.text}" for one in loading.mistakes],
        )

    return router


def routes(app: App) -> APIRouter:
    """The routes of this room."""
    router = APIRouter(prefix="/_mockface", tags=["about"])

    @router.get("/codes")
    async def codes() -> list[dict[str, Any]]:
        """Every code: names, meanings, wire message, status, evidence, who can mend it, whether to retry, a number."""
        return listing.codes_as_data()

    @router.get("/assumptions")
    async def assumptions() -> list[dict[str, str]]:
        """Every assumed behaviour with its reason, its evidence and its switch."""
        return [asdict(assumption) for assumption in ASSUMPTIONS]

    forms = {kind: {"schema": {"type": "string"}} for kind in ("text/plain", "text/markdown")}

    @router.get("/coverage", response_model=None, responses={200: {"content": forms}})
    async def covered(
        form: Annotated[Literal["json", "text", "markdown"], Query(alias="format")] = "json",
    ) -> dict[str, Any] | Response:
        """Which codes, forms of input and faults were asked for since the start or the last reset of the journal."""
        report = app.emulator.memory.coverage.report()
        if form == "text":
            return PlainTextResponse(coverage.as_text(report) + "\n")
        if form == "markdown":
            return PlainTextResponse(coverage.as_markdown(report) + "\n", media_type="text/markdown")
        return report

    return router
