"""PHP's curl extension, in the forms of the vendor's PHP SDK: a picture as a file, and as a text part without a name."""

import json
import subprocess

import pytest

from tests.conftest import HERE, program
from tests.making import sign_now

pytestmark = pytest.mark.thorough


def test_php_gets_its_answer_by_url_file_and_buffer_and_reads_23(any_server, photo, large_photo):
    done = subprocess.run(
        [program("php"), str(HERE / "clients" / "calls.php"), any_server.url, sign_now(), str(photo), str(large_photo)],
        capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    codes = [json.loads(line).get("code", line) for line in done.stdout.splitlines()]
    assert codes == [0, 0, 0, 0, 23]
