"""The server's counters in Prometheus' text format, by Prometheus' own client library."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from mockface.journal.recorder import LATENCY_BUCKETS_MS, Tally
from mockface.web.app import App

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Collector:
    """Reads an app's counters on demand; does nothing while a call is answered."""

    def __init__(self, app: App) -> None:
        self._app = app

    def collect(self) -> Iterator[Metric]:
        """All metrics except those of the process."""
        told = self._app.controls.measures()
        calls = CounterMetricFamily(
            "mockface_calls", "Calls of the emulated operations, by operation and code.", labels=["operation", "code"]
        )
        for (operation, code), times in sorted(told.tally.by_code.items(), key=str):
            calls.add_metric([operation, str(code)], times)
        yield calls
        yield _latency(told.tally)
        if self._app.member is not None:
            servers = CounterMetricFamily(
                "mockface_server_calls", "Calls by the server that answered.", labels=["server"]
            )
            for server, times in sorted(self._app.member.seen.by_server.items()):
                servers.add_metric([server], times)
            yield servers
        reading = sum(reader.size_bytes for reader in list(self._app.endpoint.reading))
        gauges = {
            "mockface_in_flight_body_bytes": (reading, "Bytes received of incomplete bodies."),
            "mockface_journal_calls": (told.journal_calls, "Calls in the journal."),
            "mockface_journal_bytes": (told.journal_bytes, "Approximate size of the journal in bytes."),
            "mockface_scenarios": (told.scenarios, "Loaded scenarios."),
            "mockface_scenario_errors": (told.scenario_errors, "Mistakes that prevent a reload of changed files."),
        }
        for name, (value, text) in gauges.items():
            yield GaugeMetricFamily(name, text, value)
        yield CounterMetricFamily("mockface_reloads", "Successful reloads of changed scenario files.",
                                  told.reloads)  # fmt: skip


def _latency(tally: Tally) -> HistogramMetricFamily:
    bounds = [*(f"{bound / 1000:g}" for bound in LATENCY_BUCKETS_MS), "+Inf"]
    text = "Seconds from the first byte of a call's body to its answer, without the scenario's delay."
    buckets = list(zip(bounds, accumulate(tally.latencies), strict=True))
    return HistogramMetricFamily("mockface_call_duration_seconds", text, buckets, tally.latency_sum_ms / 1000)


def routes(app: App) -> APIRouter:
    """The routes of this part of the API."""
    router = APIRouter(prefix="/_mockface", tags=["about"])
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collector(app))
    ProcessCollector(registry=registry)

    @router.get(
        "/metrics",
        response_class=Response,
        description="Calls by code, latencies, bytes in flight, journal, reloads, and the process, for Prometheus.",
    )
    async def metrics() -> Response:
        await app.acting.fresh(counts=True)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE)

    return router
