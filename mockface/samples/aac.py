"""Silence as AAC-LC (ISO/IEC 14496-3): one channel of 16 kHz, 1024 samples a frame, four bytes each."""

from __future__ import annotations

from mockface.samples.bits import bits, packed

RATE_HZ = 16_000
FRAME_SAMPLES = 1024
CONFIGURATION = packed(bits((2, 5), (8, 4), (1, 4), (0, 3)))
"""An AudioSpecificConfig: AAC-LC, 16 kHz, one channel."""
FRAME = packed(bits((0, 7), (0, 8), (0, 11), (0, 3), (7, 3)))
"""A single channel: gain 0, a long window without bands, no tools; then the end."""
