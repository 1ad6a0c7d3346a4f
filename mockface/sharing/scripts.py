"""Every script that the store runs: the files of `lua/`, put together.

A script is one step: no other server's commands come in between.

KEYS[1] is the prefix in braces, so that a cluster keeps all keys in one slot; every key begins with it and a colon:

    servers    sorted set   the servers that take part, by when they were last heard of (the store's time)
    versions   hash         the version of each
    salt       string       what the digests of numbers are made with
    minted     string       how many numbers were issued
    counts     hash         how often each number was counted, by the number if it is reserved, else by its digest
    counted    sorted set   those numbers, the oldest first
    seen       sorted set   digests of single-use signatures, the oldest first
    rates      set          whose calls are limited; rate:NAME is the list of the times of each
    dealt      set          digits that were dealt; dealt:DIGITS is the list of the times of each
    added      hash         the scenarios added at run time, by number
    patterns   string       how many patterns were added at run time
    standing   hash         the clock's offset, the signature mode, the states of accounts, where they were changed
    changes    stream       what was changed, for the servers to follow
    acks       stream       how far each server has followed
    epoch      string       how often the journal was cleared
    position   string       how many calls there were since
    calls      stream       the latest calls; calls_bytes is their size
    dropped    hash         how many calls of each number the journal has dropped
    coverage   hash         how many calls there were of each kind; also has the second codes
    tally      hash         the counters of each server
    reloaded   hash         for which files the count of a number was last cleared
    done:NAME  hash         the last script that a server ran, and what it gave: run again, it only says so again

All of them are bounded, or expire a day after the last server.
"""

from __future__ import annotations

from importlib.resources import files

from mockface.state import COUNTED_NUMBERS, REMEMBERED_DEALS, REMEMBERED_SIGNATURES

LEASE_SECONDS = 3.0
"""A server that is not heard of for so long has ended: nobody waits for it."""
KEPT_SECONDS = 24 * 3600
"""How long the store remembers when no server takes part any more."""
CHANGES_KEPT = 10_000
DROPPED_KEPT = 20_000
TALLIES_KEPT = 1000
_LIMITS = {
    "SIGNATURES": REMEMBERED_SIGNATURES,
    "NUMBERS": COUNTED_NUMBERS,
    "DEALS": REMEMBERED_DEALS,
    "LEASE": LEASE_SECONDS,
    "KEPT": KEPT_SECONDS,
    "CHANGES": CHANGES_KEPT,
    "DROPPED": DROPPED_KEPT,
    "TALLIES": TALLIES_KEPT,
}
"""What the scripts know these by."""


def _script(*names: str) -> str:
    """A script of these files, one behind the other, with the limits before them."""
    folder = files("mockface.sharing") / "lua"
    parts = [folder.joinpath(f"{name}.lua").read_text(encoding="utf-8") for name in ("begin", *names)]
    limits = "".join(f"local {name} = {limit}\n" for name, limit in _LIMITS.items())
    return limits + "\n".join(parts)


VERBS = _script("once", "verbs")
"""ARGV: server, turn, verbs as JSON. Gives their results as JSON."""

CHANGE = _script("once", "forget", "members", "change")
"""ARGV: server, turn, kind, arguments as JSON; a scenario's number and fields as JSON. Gives the change's id and the
servers that have to follow."""

JOIN = _script("members", "join")
"""ARGV: server, version, a salt for the first server. Gives all that the servers go by."""

BEAT = _script("members", "beat")
"""ARGV: server. Gives the store's time and the servers, or that this one was taken for ended."""

LEAVE = _script("leave")
"""ARGV: server."""

SHIP = _script("once", "ship")
"""ARGV: server, turn, epoch, limits, counts as JSON, tally, then of each call: number's key, time, and the call."""

RELOADED = _script("forget", "reloaded")
"""ARGV: a digest of the files, then the numbers whose scenario they changed: the first server to read them clears."""
