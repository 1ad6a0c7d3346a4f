"""Whatever is pipelined on one connection, and however it is cut, is answered in the order in which it was asked."""

import random
import time

import pytest

from mockface import codes, idcard
from tests.making import json_body
from tests.protocol.wire import Wire, request

CHUNKED = json_body(idcard_number=idcard.number_for_delay(0.1))
LATE = request(json_body(idcard_number=idcard.number_for_delay(0.1)))
KINDS = {
    "prompt": (request(), (200, b'"code":0,')),
    "refused": (request(json_body(idcard_number=idcard.number_for_code(codes.PHOTO_NO_FACE))), (200, b'"code":-4012')),
    "late": (LATE, (200, b'"code":0,')),
    "html": (request(json_body(idcard_number=idcard.number_for(3, 1, 106))), (502, b"502 Bad Gateway")),
    "chunked": (
        request(
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(CHUNKED), CHUNKED), length=None, more=b"Transfer-Encoding: chunked\r\n"
        ),
        (200, b'"code":0,'),
    ),
    "elsewhere": (request(start_line="POST /face/elsewhere HTTP/1.1"), (404, b'"code":3')),
    "api": (b"GET /_mockface/clock HTTP/1.1\r\nHost: localhost\r\n\r\n", (200, b'"now":')),
}
"""What is asked for, and what of its answer tells it from the others'."""


@pytest.mark.parametrize("seed", range(12))
def test_every_mix_is_answered_in_order(any_server, seed):
    chance = random.Random(seed)
    with Wire(any_server) as wire:
        for _ in range(4):
            mix = [chance.choice(list(KINDS)) for _ in range(chance.randint(2, 6))]
            sent = b"".join(KINDS[kind][0] for kind in mix)
            for piece in cut(sent, chance):
                wire.send(piece)
            for kind in mix:
                reply = wire.reply()
                status, body = KINDS[kind][1]
                assert (reply.status, body in reply.body) == (status, True), (mix, kind, reply.raw)
        assert not wire.waits_for_us()


def cut(content, chance):
    """The content in a few pieces, with time for the server to read each alone."""
    cuts = sorted(chance.sample(range(1, len(content)), chance.choice((0, 0, 1, 3))))
    for start, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
        yield content[start:end]
        if end < len(content):
            time.sleep(0.002)
