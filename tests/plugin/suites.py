"""Runs a suite in a process of its own, with the plugins that the test names and no other."""

import os
import subprocess
import sys

from tests.conftest import CLEAN_ENVIRONMENT, HERE
from tests.plugin.test_plugin import CALLING


def run_suite(folder, text, *flags, plugins=(), path=()):
    """What the run printed. A suite that hangs fails the test, within a minute."""
    (folder / "calling.py").write_text(CALLING, encoding="utf-8")
    (folder / "test_it.py").write_text("from calling import ask\nimport pytest\n" + text, encoding="utf-8")
    environment = {
        **CLEAN_ENVIRONMENT, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": os.pathsep.join([*map(str, path), str(HERE.parent)]),
    }  # fmt: skip
    loaded = [flag for plugin in ("mockface.pytest_plugin", *plugins) for flag in ("-p", plugin)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *loaded, *flags],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return done.stdout + done.stderr
