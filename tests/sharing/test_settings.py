"""The settings of a store: what is taken, what is refused, and that no secret is shown."""

import pytest
import redis

from mockface.network.storeurl import store_address
from mockface.settings import Settings
from mockface.sharing.link import in_words
from mockface.testing import Mockface

SECRET = "g3h3im"


@pytest.mark.parametrize(
    ("given", "url", "prefix", "shown"),
    [
        ("redis://h", "redis://h", "mockface", "redis://h"),
        ("redis://h:6380/3", "redis://h:6380/3", "mockface", "redis://h:6380/3"),
        ("redis://h?prefix=team-a", "redis://h", "team-a", "redis://h?prefix=team-a"),
        ("valkey://h:1", "redis://h:1", "mockface", "valkey://h:1"),
        ("redis://[::1]:6379/0", "redis://[::1]:6379/0", "mockface", "redis://[::1]:6379/0"),
        (f"redis://:{SECRET}@h/1", f"redis://:{SECRET}@h/1", "mockface", "redis://***@h/1"),
        (f"redis://me:{SECRET}%40%2F@h", f"redis://me:{SECRET}%40%2F@h", "mockface", "redis://***@h"),
        (
            f"rediss://me:{SECRET}@h/1?ssl_ca_certs=/ca.pem&prefix=x",
            f"rediss://me:{SECRET}@h/1?ssl_ca_certs=%2Fca.pem",
            "x",
            "rediss://***@h/1?prefix=x",
        ),
    ],
)
def test_a_url_is_read_and_shown_without_its_secret(given, url, prefix, shown):
    assert store_address(given)[:3] == (url, prefix, shown)
    told = Settings(store=given).shown
    assert SECRET not in repr(told)
    assert told["store"] == shown


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("127.0.0.1:6379", "does not begin with redis://"),
        ("http://h", "does not begin with redis://"),
        ("redis://", "names no host"),
        (f"redis://:{SECRET}@", "names no host"),
        (f"redis://:{SECRET}@h/abc", "which is not a number"),
        (f"redis://:{SECRET}@h:port", "host or port cannot be read"),
        (f"redis://:{SECRET}#x@h", "host or port cannot be read"),
        (f"redis://:{SECRET}/x@h", "host or port cannot be read"),
        ("redis://h#f", "it has a #"),
        ("redis://h?prefix=a:b", "the prefix is 'a:b', which is not"),
        ("redis://h?prefix=", "the prefix is ''"),
        ("redis://h?timeout=3", "the parameter 'timeout'"),
        ("redis://h?ssl_ca_certs=/x", "the parameter 'ssl_ca_certs'"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_with_what_would_work(given, why):
    with pytest.raises(ValueError, match=r"--store: .*expected redis://host:6379/0") as refused:
        Settings(store=given)
    assert why in str(refused.value)
    assert SECRET not in str(refused.value)


def test_unmasked_persons_and_a_store_do_not_go_together():
    with pytest.raises(ValueError, match="no person reaches the store"):
        Settings(store="redis://h", show_pii=True)


def test_workers_need_a_store():
    with pytest.raises(ValueError, match="--workers 2 needs --store"):
        Settings(workers=2)
    with pytest.raises(ValueError, match="expected at least 1"):
        Settings(workers=0, store="redis://h")
    assert Settings(workers=2, store="redis://h").workers == 2


@pytest.mark.parametrize("given", [{"store": "redis://h"}, {"store": "redis://h", "workers": 2}])
def test_a_handle_says_how_a_test_reaches_servers_that_share(given):
    with pytest.raises(ValueError, match="run 'mockface serve' with it"):
        Mockface(**given)


def test_what_the_store_says_of_a_user_is_told_without_its_name():
    address = store_address(f"redis://some-user:{SECRET}@h")
    fault = redis.ResponseError("NOPERM User some-user has no permissions to run the 'evalsha' command")
    told = in_words(fault, address)
    assert told.endswith("User *** has no permissions to run the 'evalsha' command")
    assert "some-user" not in told
