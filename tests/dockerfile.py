"""A Dockerfile, taken apart: what its last stage says of the image."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field


@dataclass
class Image:
    """What a Dockerfile says of its last stage."""

    environment: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    user: str = "0:0"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    health_options: dict[str, str] = field(default_factory=dict)


def instructions(text: str) -> list[tuple[str, str]]:
    """The file's instructions: the word and the rest, comments gone and continued lines joined."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", lines)
    return [tuple(line.split(None, 1)) for line in joined.splitlines() if line.strip()]  # type: ignore[misc]


def image_of(text: str) -> Image:
    """The settings of the last stage."""
    image = Image()
    for word, rest in instructions(text):
        if word == "FROM":
            image = Image()
        elif word in ("ENV", "LABEL"):
            pairs = dict(pair.split("=", 1) for pair in shlex.split(rest))
            (image.environment if word == "ENV" else image.labels).update(pairs)
        elif word == "USER":
            image.user = rest
        elif word == "ENTRYPOINT":
            image.entrypoint = json.loads(rest)
        elif word == "CMD":
            image.command = json.loads(rest)
        elif word == "HEALTHCHECK":
            options, _, command = rest.partition(" CMD ")
            image.health = json.loads(command)
            image.health_options = dict(option.removeprefix("--").split("=") for option in options.split())
    return image
