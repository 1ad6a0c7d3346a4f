"""Calls of API 3.0 for tests: signed as the SDKs do, sent as they are."""

import base64
import http.client
import json
import time
from urllib.parse import quote, urlsplit

from mockface.gateway import v1
from mockface.gateway.making import tc3_headers
from mockface.samples import picture, video
from mockface.signature.accounts import TEST_ACCOUNT

VIDEO = base64.b64encode(video()).decode()
PICTURE = base64.b64encode(picture("jpg")).decode()
SAMPLE = "11204416541220243X"


class Answer:
    """An answer: its status, its head in the order of the wire, its bytes, and what stands in Response."""

    def __init__(self, status, head, body):
        self.status, self.head, self.body = status, head, body

    @property
    def said(self):
        return json.loads(self.body)["Response"]

    @property
    def code(self):
        """The code of Error or Result."""
        return self.said["Error"]["Code"] if "Error" in self.said else self.said["Result"]

    @property
    def why(self):
        return dict(self.head).get("X-Mockface-Why")


def sent(url, method, target, body, headers):
    """Send it as it is."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        if body is not None and not any(name.lower() == "content-length" for name, _ in headers):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


def fields_for(action, **fields):
    """The usual fields of an action."""
    usual = {"IdCard": SAMPLE, "Name": "张三"} if action != "LivenessCompare" else {}
    if action.startswith("Liveness"):
        usual |= {"LivenessType": "LIP", "ValidateData": "0123", "VideoBase64": VIDEO}
    if action not in ("IdCardVerification", "LivenessRecognition"):
        usual["ImageBase64"] = PICTURE
    return {name: value for name, value in (usual | fields).items() if value is not None}


def ask(
    url, action="ImageRecognition", fields=None, *, body=None, now=None, account=TEST_ACCOUNT, host=None, replaced=None,
    **more,
):  # fmt: skip
    """A call of signature v3. `fields` replaces the usual ones; `replaced` are headers to replace or, by None, leave."""
    if body is None:
        body = json.dumps(fields if fields is not None else fields_for(action), ensure_ascii=False).encode()
    host = host or urlsplit(url).netloc
    headers = tc3_headers(
        body, action=action, host=host, secret_id=account.secret_id, secret_key=account.secret_key,
        now=time.time() if now is None else now, **more,
    )  # fmt: skip
    replaced = {name.lower(): value for name, value in (replaced or {}).items()}
    told = [(name, replaced.pop(name.lower(), value)) for name, value in headers]
    told += list(replaced.items())
    return sent(url, "POST", "/", body, [(name, value) for name, value in told if value is not None])


def parameters(
    action, fields, *, now=None, account=TEST_ACCOUNT, nonce=11886, method="POST", host="", algorithm="", **more
):
    """The parameters of a call of signature v1, signed."""
    given = {
        "Action": action, "Version": "2018-03-01", "Timestamp": str(int(time.time() if now is None else now)),
        "Nonce": str(nonce), "SecretId": account.secret_id, **fields, **more,
    }  # fmt: skip
    if algorithm:
        given["SignatureMethod"] = algorithm
    given["Signature"] = v1.sign(account.secret_key, given, method=method, host=host)
    return given


def encoded(given):
    """Parameters as a query or a form."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in given.items())


def ask_v1(url, action="ImageRecognition", fields=None, *, method="POST", **more):
    """A call of signature v1."""
    host = urlsplit(url).netloc
    fields = fields_for(action) if fields is None else fields
    text = encoded(parameters(action, fields, method=method, host=host, **more))
    headers = [("Host", host), ("Content-Type", "application/x-www-form-urlencoded")]
    if method == "GET":
        return sent(url, "GET", f"/?{text}", None, headers)
    return sent(url, "POST", "/", text.encode(), headers)
