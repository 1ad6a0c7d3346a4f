"""Write the hand-made seeds, from which the fuzzer sets out: `python -m fuzz.seeds`.

They are the smallest good inputs of every kind. What the fuzzer adds of its own stands beside them under other names.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from random import Random

from fuzz.readers import VIDEO_KINDS
from mockface.samples import video
from mockface.scenariofiles.files import shipped_folder
from mockface.scenariofiles.starter import starter_text
from tests.making import BMP, GIF, JPEG, PNG, WEBP, json_body, multipart_body, sign, sign_text
from tests.unit.test_video import AVI, MP4

CORPORA = Path(__file__).parent / "corpora"


def _bodies() -> Iterator[tuple[str, bytes]]:
    as_json, as_multipart = bytes(5), b"\0\1" + bytes(4)
    yield "json", as_json + json_body()
    yield "json-picture", as_json + json_body(url=None, image=base64.b64encode(PNG).decode())
    yield "json-chunked", as_json[:3] + b"\4\3\1\2\3\0" + json_body()
    yield "multipart", as_multipart + multipart_body().replace(b"------------------------acebdf13572468", b"b")
    yield "words", b"\0\1\0\0\0\1" + bytes(range(1, 60))


def _parts() -> Iterator[tuple[str, bytes]]:
    yield "plain", b"\1\0\2\0\0121250000000\0\2\3\xff\xd8\xff\2\0"
    yield "boundaries", b"\0\3\1\1\1\3\0\6\r\n--a\r\2\5\n--\r\n\1\4-b--\0\3end"


def _pictures() -> Iterator[tuple[str, bytes]]:
    for name, content in {"jpeg": JPEG, "png": PNG, "gif": GIF, "bmp": BMP, "webp": WEBP}.items():
        yield name, bytes(6) + content
        yield f"{name}-base64", b"\1" + bytes(5) + base64.b64encode(content)
        yield f"{name}-data-url", b"\1\3\1\2\3\1\xff\0\0" + base64.b64encode(content)


def _videos() -> Iterator[tuple[str, bytes]]:
    for at, kind in enumerate(VIDEO_KINDS):
        yield kind, b"\0\0\0" + video(kind)[:2800]
        yield f"{kind}-bent", bytes((at % 2, 0, 1, at, 2, 40, 0, 2, 90, 1, 1, 1, 0))
    yield "avi", b"\0\0\0" + AVI
    yield "moov", b"\0\0\0" + MP4


def _authorizations() -> Iterator[tuple[str, bytes]]:
    yield "valid", b"\1" + sign().encode()
    yield "single-use", b"\1" + sign(expires_at=0, resource="/x").encode()
    yield "short", b"\1" + sign_text("a=1250000000&k=AKID&e=1.5&t=1").encode()
    yield "text", b"\0\0" + b"1700000060&t=1700000000&r=1&u=&f="
    yield "scheme", b"\1Bearer abc"


def _tc3() -> Iterator[tuple[str, bytes]]:
    yield "valid", bytes((6, 1, 0, 1, 1, 1, 2, 1, 3, 1, 4, 1, 5, 1, 6))
    yield "skip", bytes((1, 1, 12))


def _v1() -> Iterator[tuple[str, bytes]]:
    yield "valid", b"\x09127.0.0.1Action=ImageRecognition&Nonce=1&IdCard=1101&Encryption.EncryptList.0=IdCard"
    yield "faults", b"\0a&=b"


def _api3() -> Iterator[tuple[str, bytes]]:
    yield (
        "json",
        b"\0\0\0\0\0\1" + bytes((6, 1, 0, 1, 1, 1, 2, 1, 3, 1, 4, 1, 5, 1, 6)) + b'\0{"IdCard":"1","Name":"x"}',
    )
    yield "form", b"\1\0\0\0\0\0\0Action=ImageRecognition&Timestamp=1&IdCard=1"
    yield "query", b"\1\1\2\0\0\0\x20Action=IdCardVerification&Nonce=x"


def _scenarios() -> Iterator[tuple[str, bytes]]:
    yield "starter", starter_text("schema.json").encode()
    for file in sorted(shipped_folder().glob("*.yaml")):
        yield f"shipped-{file.stem}", file.read_bytes()[:1500].rpartition(b"\n")[0]
    yield "aliases", b'scenarios:\n  "110110199907010018": &a { code: 3 }\n  "110110199907010026": *a\n'
    yield "data", b'scenarios: { "110110199907010018": { code: 3, data: [0x1F, 1:30, ~, {a: [x, 1.5]}] } }\n'


def _chosen(seed: str) -> Iterator[tuple[str, bytes]]:
    chance = Random(seed)  # Seeds are repeatable.
    for at in range(12):
        yield f"chosen-{at}", chance.randbytes(30 + 20 * at)


def _numbers() -> Iterator[tuple[str, bytes]]:
    for at, number in enumerate(("110110199909090909", "11010519491231002X", "110110990909090", "１１０", "\ud800")):
        yield f"number-{at}", b"\0" + number.encode("utf-8", "surrogatepass")


def main() -> None:
    """Write them all."""
    made = {
        "body": _bodies(), "parts": _parts(), "picture": _pictures(), "video": _videos(), "authorization": _authorizations(), "tc3": _tc3(), "v1": _v1(), "api3": _api3(), "scenarios": _scenarios(),
        "number": _numbers(), "added": _chosen("added"), "calls": _chosen("calls"),
    }  # fmt: skip
    for target, seeds in made.items():
        folder = CORPORA / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in seeds:
            (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
