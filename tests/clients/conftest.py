"""What the real clients send: a picture file, one of 7 MB, and every code's number."""

import pytest

from mockface import codes
from mockface.scenarios import family
from tests.making import JPEG


@pytest.fixture(scope="session")
def photo(tmp_path_factory):
    """A picture whose path holds Chinese, as users' files do."""
    path = tmp_path_factory.mktemp("photos") / "测试.jpg"
    path.write_bytes(JPEG)
    return path


@pytest.fixture(scope="session")
def large_photo(tmp_path_factory):
    """7 MB, one more than the service takes."""
    path = tmp_path_factory.mktemp("photos") / "large.jpg"
    path.write_bytes(JPEG + b"\0" * 7_000_000)
    return path


@pytest.fixture(scope="session")
def every_code():
    """The number of each code, in a lane that the other tests leave alone."""
    return {family.number_for_code(code, 9): code.number for code in codes.TABLE[1:]}
