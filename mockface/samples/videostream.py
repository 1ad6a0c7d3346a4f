"""A video before it is put into a container: units of pictures, frames of sound, each with its time."""

from __future__ import annotations

from dataclasses import dataclass

from mockface.samples import aac, h264

FRAMES_PER_S = 10


@dataclass(frozen=True, slots=True)
class Stream:
    """Pixels as they are stored, seconds, and which tracks there are. A unit of pictures has its length before it."""

    width: int = 270
    height: int = 480
    seconds: int = 4
    picture: bool = True
    sound: bool = True

    @property
    def configuration(self) -> bytes:
        """The record that decoders of the pictures are set up with."""
        return h264.configuration(*h264.parameters(self.width, self.height))

    def frames(self) -> list[bytes]:
        """The pictures."""
        count = self.seconds * FRAMES_PER_S
        units = [h264.first_frame(self.width, self.height)]
        units += [h264.next_frame(self.width, self.height, number) for number in range(1, count)]
        return [len(unit).to_bytes(4, "big") + unit for unit in units]

    def sounds(self) -> list[bytes]:
        """The frames of sound, none longer than the pictures."""
        return [aac.FRAME] * (self.seconds * aac.RATE_HZ // aac.FRAME_SAMPLES)

    def in_time(self) -> list[tuple[int, bool, bytes]]:
        """Pictures and sound in the order of their times: milliseconds, whether it is a picture, content."""
        pictures = [(at * 1000 // FRAMES_PER_S, True, frame) for at, frame in enumerate(self.frames())]
        sounds = [
            (at * aac.FRAME_SAMPLES * 1000 // aac.RATE_HZ, False, frame) for at, frame in enumerate(self.sounds())
        ]
        chosen = (pictures if self.picture else []) + (sounds if self.sound else [])
        return sorted(chosen, key=lambda one: (one[0], not one[1]))
