"""Imports point one way, and the core touches nothing."""

import ast
from pathlib import Path

import pytest

import mockface

PACKAGE = Path(mockface.__file__).parent
RANKS = [
    {"codes", "shapes", "durations", "escaping", "faults", "head", "yamlbounds", "yamlfaults", "passing"},
    {"why"},
    {"complaint", "hostnames"},
    {"model", "multipart", "yamltext"},
    {"signature", "image", "idcard", "state", "accounts", "chance", "values", "files"},
    {"bodyfields"},
    {"longstrings"},
    {"jsonbody"},
    {"body", "scenarios", "transportfields"},
    {"fields"},
    {"accountfields"},
    {"loaded"},
    {"checks", "settings", "reading", "shippedtable"},
    {"shipped", "variables", "listing", "schema", "assumptions", "mint", "salvage", "signing"},
    {"explain"},
    {"entry"},
    {"kept"},
    {"journal", "coverage", "verdict"},
    {"brief"},
    {"calls"},
    {"memory", "samples", "authority"},
    {"emulator"},
    {"web"},
    {"client", "starter"},
    {"doctor", "testing"},
    {"cli"},
    {"asgi"},
    {"pytest_plugin"},
    {"__main__"},
]
SHELL = {"asgi", "web", "client", "doctor", "testing", "cli", "pytest_plugin", "__main__", "passing"}
OUTSIDE = {"fastapi", "starlette", "uvicorn", "asyncio", "socket", "pydantic", "click", "httptools"}


def _modules():
    for file in PACKAGE.rglob("*.py"):
        name = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if name != "__init__":
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def _imports(tree, *, own):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = node.module.split(".")
            if own and parts[0] == "mockface":
                yield from [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
            elif not own:
                yield parts[0]
        elif isinstance(node, ast.Import) and not own:
            yield from (alias.name.split(".")[0] for alias in node.names)


def test_a_module_imports_only_from_lower_ranks():
    rank = {name: index for index, names in enumerate(RANKS) for name in names}
    for name, tree in _modules():
        for imported in set(_imports(tree, own=True)) - {"__version__"}:
            if imported != name:
                assert rank[imported] < rank[name], f"{name} imports {imported}"


def test_the_core_imports_no_framework_no_socket_and_no_event_loop():
    for name, tree in _modules():
        if name not in SHELL:
            assert not OUTSIDE & set(_imports(tree, own=False)), name


@pytest.mark.long
def test_the_core_never_awaits_and_never_asks_for_the_time():
    for name, tree in _modules():
        if name in SHELL:
            continue
        assert not any(isinstance(node, ast.Await | ast.AsyncFunctionDef) for node in ast.walk(tree)), name
        assert "time" not in set(_imports(tree, own=False)), name
