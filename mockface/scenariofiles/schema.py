"""The JSON Schema of scenario files, built from the tables that the reader uses."""

from __future__ import annotations

import json
from typing import Any

from mockface.codes import CodeTable
from mockface.gateway.codes import ERROR, RESULT, WITH_PAGE
from mockface.scenariofiles.account_fields import ACCOUNT_FIELDS, REQUIRED
from mockface.scenariofiles.reader import NAME_PATTERN, NUMBER_PATTERN
from mockface.scenariofiles.step_fields import SCENARIO_FIELDS, STEP_FIELDS, Field, code_schema, live_schema, own_schema

MODELINE = "# yaml-language-server: $schema="
"""The editor directive in a file's first lines; the path of the schema follows."""


def _object(fields: dict[str, Field], **more: Any) -> dict[str, Any]:
    properties = {name: field.schema for name, field in fields.items()}
    return {"type": "object", "additionalProperties": False, "properties": properties, **more}


def schema(table: CodeTable = WITH_PAGE) -> dict[str, Any]:
    """The schema as plain data; `table` has the codes that a scenario may name."""
    step = _object(
        STEP_FIELDS, anyOf=[{"required": [name]} for name in ("similarity", "code", "result", "error", "live", "fault")]
    )
    step["not"] = {"required": ["similarity", "code"]}
    step["dependentRequired"] = {"rate": ["otherwise"], "otherwise": ["rate"]}
    of_table = {"code": code_schema(table)} | {place: own_schema(place, table) for place in (RESULT, ERROR)}
    of_table |= {"live": live_schema(table)}
    step["properties"] |= of_table
    outcomes = ("similarity", "code", "result", "error", "live", "fault", "sequence")
    scenario = _object(SCENARIO_FIELDS, anyOf=[{"required": [name]} for name in outcomes])
    scenario["properties"] |= of_table
    scenario["not"] = {"required": ["similarity", "code"]}
    scenario["dependentRequired"] = {**step["dependentRequired"], "then": ["sequence"]}
    default = {"type": "object", "additionalProperties": False}
    default["properties"] = {name: {"$ref": "#/$defs/scenario"} for name in ("well_formed", "malformed")}
    numbers = {"type": "object", "additionalProperties": False}
    numbers["patternProperties"] = {pattern: {"$ref": "#/$defs/scenario"} for pattern in (NUMBER_PATTERN, NAME_PATTERN)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mockface scenario file",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            "default": {"description": "The answer to a number without a scenario.", **default},
            "scenarios": {
                "description": "By ID number: ? matches any character, # a digit that is read.",
                **numbers,
            },
            "accounts": {"type": "array", "items": {"$ref": "#/$defs/account"}},
        },
        "$defs": {
            "step": step,
            "scenario": scenario,
            "account": _object(ACCOUNT_FIELDS, required=list(REQUIRED)),
        },
    }


def schema_text(table: CodeTable = WITH_PAGE) -> str:
    """The schema as the text that `scenarios/schema.json` holds."""
    return json.dumps(schema(table), indent=2, ensure_ascii=False) + "\n"
