"""Looks at a video without decoding it: `reader` reads it in chunks, `judging` says why the service would refuse it.

One module reads each family of containers: `mp4` (with MOV and 3GP), `flv`, `avi`; `containers` tells them apart.
"""

from mockface.request.video.judging import ACCEPTED_CONTAINERS, MIN_SIDES, mute, too_small, trouble
from mockface.request.video.reader import VideoReader

__all__ = ["ACCEPTED_CONTAINERS", "MIN_SIDES", "VideoReader", "mute", "too_small", "trouble"]
