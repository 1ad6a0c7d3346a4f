"""A request that an operation of the image API answers, signed: usual values for what it needs and was not given."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mockface.model import Account
from mockface.operation import Example, Operation
from mockface.operations.idcardcompare.example import PICTURE_URL, signature

BOUNDARY = "mockface-example"
_USUAL = {"validate_data": "9532", "compare_flag": "true"}


def example(operation: Operation, fields: Mapping[str, str], account: Account, now: float, nonce: int) -> Example:
    """The request with these fields: JSON, or multipart with a small video and a drawn card."""
    table = operation.table
    usual = {name: value for name, value in _USUAL.items() if name in table.text}
    urls = {} if table.videos else {name: PICTURE_URL for name in table.text if name.startswith("url")}
    sent = {"appid": account.appid, **usual, **urls, **fields}
    headers = {"Authorization": signature(account, now, nonce)}
    if not table.videos:
        return Example({**headers, "Content-Type": "application/json"}, json.dumps(sent).encode())
    return Example({**headers, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}, _form(operation, sent))


def _form(operation: Operation, sent: Mapping[str, str]) -> bytes:
    # Drawn when asked for: no start needs it.
    from mockface import samples

    files = [(name, "live.mp4", "video/mp4", samples.video()) for name in operation.table.videos]
    files += [(name, "card.jpg", "image/jpeg", samples.photo()) for name in operation.table.pictures]
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in sent.items()
    ]
    for name, filename, kind, content in files:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        parts.append(head.encode() + f"Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
