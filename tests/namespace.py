"""A network of a test's own: a namespace with its own /etc/hosts, in which ports 80 and 443 are free.

It ends with the process that is in it, so nothing is left to clean up.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import CLEAN_ENVIRONMENT, mockface_on_path, program

VENDOR = "recognition.image.myqcloud.com service.image.myqcloud.com faceid.tencentcloudapi.com"


def run_in(folder: Path, script: str, hosts: str = VENDOR, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a bash script where these names are 127.0.0.1 and nothing else can be reached; skip where that needs root."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("a namespace with its own hosts file needs root and util-linux's unshare")
    program("ip")
    (folder / "hosts").write_text(f"127.0.0.1 localhost {hosts}\n::1 localhost\n", encoding="utf-8")
    set_up = f"mount --bind {shlex.quote(str(folder / 'hosts'))} /etc/hosts && ip link set lo up"
    environment = {**CLEAN_ENVIRONMENT, "PATH": mockface_on_path(), "PYTHONUNBUFFERED": "1", **variables}
    return subprocess.run(
        ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "bash", "-ec", f"{set_up}\n{script}"],
        env=environment, cwd=folder, capture_output=True, text=True, check=False, timeout=90,
    )  # fmt: skip


SERVE = """
mkfifo listens
mockface serve --port 80 --tls-port 443 {flags} > listens 2>&1 &
while read -r line; do case $line in *"}}'") break;; esac; done < listens
"""
"""Serve on the vendor's own ports, and go on once it listens: the banner's last line has come."""


def serving(flags: str) -> str:
    """The lines of a script that start a server with these flags and wait until it listens."""
    return SERVE.format(flags=flags)
