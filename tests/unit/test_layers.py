"""Imports point one way, and the core touches nothing."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import mockface

PACKAGE = Path(mockface.__file__).parent
ORDER = [
    {"reasons"},
    {"privacy"},
    {"codes", "errors", "state", "texts"},
    {"model"},
    {"idcard", "signature", "gateway"},
    {"request", "scenarios", "network"},
    {"checks", "settings", "samples"},
    {"operation"},
    {"scenariofiles"},
    {"variables"},
    {"journal"},
    {"operations"},
    {"emulator"},
    {"control"},
    {"sharing"},
    {"web"},
    {"doctor", "testing"},
    {"cli"},
    {"asgi"},
    {"pytest_plugin"},
    {"__main__"},
]
"""The packages and modules that lie in `mockface/`, the lowest first: each imports from those above it in this list."""
SHELL = {
    "asgi", "web", "control", "sharing", "network", "doctor", "testing", "cli", "pytest_plugin", "__main__",
}  # fmt: skip
MOST_FILES = 14
OUTSIDE = {"fastapi", "starlette", "uvicorn", "asyncio", "socket", "pydantic", "click", "httptools"}


@pytest.fixture(scope="module")
def trees():
    """Every file, parsed."""
    return {file: ast.parse(file.read_text(encoding="utf-8")) for file in PACKAGE.rglob("*.py")}


@pytest.fixture(scope="module")
def modules(trees):
    """The trees, each with the name of what it belongs to in `mockface/`."""
    named = [(file.relative_to(PACKAGE).parts[0].removesuffix(".py"), tree) for file, tree in trees.items()]
    return [(name, tree) for name, tree in named if name != "__init__"]


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


def test_a_package_imports_only_from_those_below_it(modules):
    rank = {name: index for index, names in enumerate(ORDER) for name in names}
    for name, tree in modules:
        for imported in set(_imports(tree, own=True)) - {"__version__"}:
            if imported != name:
                assert rank[imported] < rank[name], f"{name} imports {imported}"


def _dotted(file):
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _outside_functions(tree):
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef):
            yield node
            yield from _outside_functions(node)


def _imported_at_once(tree, known):
    """The modules that a module imports when it is imported; those of its functions come later."""
    for node in _outside_functions(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "mockface":
            base = (node.module or "").partition(".")[2]
            for alias in node.names:
                dotted = f"{base}.{alias.name}".strip(".")
                yield dotted if dotted in known else base


def test_no_module_is_in_a_circle_within_packages_and_between_them(trees):
    named = {_dotted(file): tree for file, tree in trees.items()}
    graph = {name: set(_imported_at_once(tree, named)) - {name, ""} for name, tree in named.items()}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as circle:
        pytest.fail(" imports ".join(reversed(circle.args[1])))


def test_no_package_holds_more_than_a_reader_can_take_in():
    for folder in {file.parent for file in PACKAGE.rglob("*.py")}:
        assert len(list(folder.glob("*.py"))) <= MOST_FILES, folder


def test_the_core_imports_no_framework_no_socket_and_no_event_loop(modules):
    for name, tree in modules:
        if name not in SHELL:
            assert not OUTSIDE & set(_imports(tree, own=False)), name


def test_the_core_never_awaits_and_never_asks_for_the_time(modules):
    for name, tree in modules:
        if name in SHELL:
            continue
        assert not any(isinstance(node, ast.Await | ast.AsyncFunctionDef) for node in ast.walk(tree)), name
        assert "time" not in set(_imports(tree, own=False)), name
