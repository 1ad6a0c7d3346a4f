"""Everything that the server's own OpenAPI allows is asked of it: never a 5xx, and every answer is as it was described.

The suite asks the same few questions each time; `make fuzz` asks more of them (API_EXAMPLES), others each time.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import start

EXAMPLES = int(os.environ.get("API_EXAMPLES", "5"))
ASKS = settings(
    max_examples=EXAMPLES, derandomize="API_EXAMPLES" not in os.environ, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip


def waits_long(body):
    """Whether the server is asked to wait for calls longer than the test waits for its answer."""
    within = body.get("within") if isinstance(body, dict) else None
    return isinstance(within, (int, float)) and within > 5


@pytest.fixture(scope="module")
def described():
    running = start("--journal", "50")
    schema = schemathesis.openapi.from_url(f"{running.url}/openapi.json")
    # The stream of events has no end.
    yield schema.exclude(path="/_mockface/events")
    assert running.stop() == 0


@pytest.mark.long
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_the_api_answers_as_it_is_described_whatever_it_is_asked(described, mode):
    asked = 0
    for found in described.get_all_operations():
        operation = found.ok()

        @ASKS
        @given(case=operation.as_strategy(generation_mode=mode))
        def answers_as_described(case):
            nonlocal asked
            assume(not waits_long(case.body))
            asked += 1
            case.call_and_validate(checks=CHECKS, timeout=10)

        try:
            answers_as_described()
        except Unsatisfiable:
            # Nothing can be wrong with a request that takes nothing.
            assert mode is GenerationMode.NEGATIVE
    assert asked >= 5 * EXAMPLES
