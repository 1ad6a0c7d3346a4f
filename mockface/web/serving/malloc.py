"""Keeps memory for uploads allocated in the C library.

uvloop reads 256,000 bytes at a time, and glibc maps and unmaps memory for each read: the page faults cost more than all
of mockface's work on the data. Does nothing with another C library.
"""

from __future__ import annotations

import sys

M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
TRIM_BYTES = 16 * 1024 * 1024
"""The free memory kept at the top of the heap, in bytes."""
MMAP_BYTES = 1024 * 1024
"""Only larger blocks are mapped separately."""


def keep_freed_memory() -> None:
    """Raise glibc's thresholds for this process."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        # Not in musl.
        return
    mallopt(M_TRIM_THRESHOLD, TRIM_BYTES)
    mallopt(M_MMAP_THRESHOLD, MMAP_BYTES)
