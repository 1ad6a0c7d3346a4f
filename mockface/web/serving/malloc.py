"""Let the C library keep the memory that uploads use over and over.

uvloop reads 256,000 bytes at a time, and glibc maps and unmaps memory for each such piece: the page faults cost more
than all that mockface does with the bytes. Where the C library is another one, nothing is changed.
"""

from __future__ import annotations

import sys

M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
TRIM_BYTES = 16 * 1024 * 1024
"""So much free memory is kept at the top of the heap."""
MMAP_BYTES = 1024 * 1024
"""Only larger pieces are mapped on their own."""


def keep_freed_memory() -> None:
    """Raise glibc's thresholds for this process."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        # musl has none.
        return
    mallopt(M_TRIM_THRESHOLD, TRIM_BYTES)
    mallopt(M_MMAP_THRESHOLD, MMAP_BYTES)
