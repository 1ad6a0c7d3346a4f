"""What a child that is forked while a server runs does to it, and to its clients: nothing."""

import os
import subprocess
import sys

import pytest

from tests.conftest import CLEAN_ENVIRONMENT, HERE

FORKING = """
import http.client, os, signal, socket, warnings
from mockface.testing import Mockface
warnings.simplefilter("ignore", DeprecationWarning)  # of Python 3.12: this process has threads

def fork(in_child=lambda: None):
    ready, tell = os.pipe()
    child = os.fork()
    if not child:
        in_child()
        os.write(tell, b"x")
        signal.pause()
    os.read(ready, 1)
    return child

m = Mockface({settings}).start()
idle = socket.create_connection(("127.0.0.1", m.port), 10)
asked = http.client.HTTPConnection("127.0.0.1", m.port, timeout=10)
asked.request("GET", "/_mockface/health")
asked.getresponse().read()
"""


def run(script, settings=""):
    done = subprocess.run(
        [sys.executable, "-c", FORKING.replace("{settings}", settings) + script], cwd=HERE.parent,
        env=CLEAN_ENVIRONMENT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


@pytest.mark.thorough
@pytest.mark.parametrize("parser", ["httptools", "h11"])
def test_after_the_stop_a_forked_child_keeps_neither_the_port_nor_connections(parser):
    assert (
        run(
            "child, port = fork(), m.port\n"
            "m.stop()\n"
            "try:\n"
            "    socket.create_connection(('127.0.0.1', port), 5)\n"
            "except ConnectionRefusedError:\n"
            "    print('refused')\n"
            "print(idle.recv(1), asked.sock.recv(1))\n"
            "with Mockface(port=port): print('free again')\n"
            "os.kill(child, signal.SIGKILL)\n",
            settings=f"http={parser!r}",
        )
        == "refused\nb'' b''\nfree again\n"
    )


@pytest.mark.thorough
def test_the_server_goes_on_while_children_come_and_go_and_stop_their_copy():
    assert (
        run(
            "from mockface.network import client\n"
            "children = [fork(), fork(m.stop), fork(lambda: Mockface().start().stop())]\n"
            "person = m.add(code=15)\n"
            "client.Client(m.url).call('json-url', person.idcard_number, person.idcard_name, m.sign())\n"
            "print(m.verify(person, times=1).last.code)\n"
            "asked.request('GET', '/_mockface/health')\n"
            "print(asked.getresponse().status)\n"
            "for child in children: os.kill(child, signal.SIGKILL)\n"
            "m.stop()\n"
        )
        == "15\n200\n"
    )


@pytest.mark.thorough
def test_a_program_that_the_test_starts_does_not_get_the_port():
    assert (
        run(
            "import subprocess, sys\n"
            "port = m.port\n"
            "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], close_fds=False)\n"
            "m.stop()\n"
            "try:\n"
            "    socket.create_connection(('127.0.0.1', port), 5)\n"
            "except ConnectionRefusedError:\n"
            "    print('refused')\n"
            "other.kill()\n"
            "other.wait()\n"
        )
        == "refused\n"
    )
