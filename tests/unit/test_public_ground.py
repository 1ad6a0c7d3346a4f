"""What mockface relies on in other packages: their public names, and of uvicorn's server the few that are listed here."""

import ast
from pathlib import Path

import pytest
import uvicorn

import mockface

PACKAGE = Path(mockface.__file__).parent
OF_UVICORNS_SERVER = {
    "extended": {"handle_exit", "main_loop", "shutdown", "startup"},
    "used": {"config", "force_exit", "run", "server_state", "servers", "should_exit"},
}
"""A name more is a decision: uvicorn promises none of these but `run` and `should_exit`."""
PRIVATE = {
    "sys._current_frames",  # documented, in spite of its name
    "asyncio._get_running_loop",
    "os._exit",  # documented as well: the end of a forked child
}
"""Names with an underscore of other packages."""


@pytest.fixture(scope="module")
def trees():
    """Every file's path in the package, and what it says, parsed."""
    return [(file.relative_to(PACKAGE), ast.parse(file.read_text(encoding="utf-8"))) for file in PACKAGE.rglob("*.py")]


@pytest.mark.long
def test_nothing_is_imported_from_the_inside_of_uvicorn(trees):
    for file, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("uvicorn"), file
            elif isinstance(node, ast.Import):
                assert not [alias.name for alias in node.names if alias.name.startswith("uvicorn.")], file


@pytest.mark.thorough
def test_of_uvicorns_server_no_more_names_are_used_than_are_listed(trees):
    instance = uvicorn.Server(uvicorn.Config("app:app"))
    known = {name for name in dir(instance) if not name.startswith("__")} | {"servers", "lifespan"}
    extended, used = set(), set()
    for _, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any("Server" in ast.unparse(base) for base in node.bases):
                extended |= {one.name for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
                used |= {
                    one.attr
                    for one in ast.walk(node)
                    if isinstance(one, ast.Attribute) and ast.unparse(one.value) in ("self", "super()")
                }
    assert {"extended": extended & known, "used": (used & known) - extended | {"run"}} == OF_UVICORNS_SERVER


@pytest.mark.long
def test_private_names_of_other_packages_are_those_that_are_listed(trees):
    found = set()
    for _, tree in trees:
        modules = {
            alias.asname or alias.name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        found |= {
            ast.unparse(node)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and node.attr.startswith("_")
            and not node.attr.startswith("__")
            and isinstance(node.value, ast.Name)
            and node.value.id in modules
        }
    assert found <= PRIVATE, found - PRIVATE
