# without_sdk.py
"""The client after, without the SDK: ImageRecognitionV2, signed with TC3-HMAC-SHA256 by hand."""

import base64
import hashlib
import hmac
import json
import time
from datetime import datetime, timezone
from urllib.parse import urlsplit

import requests

WRONG_NUMBER = {"FailedOperation.IdFormatError", "FailedOperation.IdNoExistSystem"}
TRY_AGAIN = {
    "RequestLimitExceeded",
    "InternalError",
    "ServiceUnavailable",
    "FailedOperation.CompareSystemError",
    "FailedOperation.CompareLibServiceUnavailable",
}


def keyed(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class WithoutSdk:
    def __init__(self, url, secret_id, secret_key):
        self.url, self.secret_id, self.secret_key = url, secret_id, secret_key

    def headers(self, action, body):
        now = int(time.time())
        host = urlsplit(self.url).netloc
        scope = f"{datetime.fromtimestamp(now, timezone.utc):%Y-%m-%d}/faceid/tc3_request"
        signed = f"content-type:application/json\nhost:{host}\n"
        request = f"POST\n/\n\n{signed}\ncontent-type;host\n{hashlib.sha256(body).hexdigest()}"
        text = f"TC3-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        key = f"TC3{self.secret_key}".encode()
        for part in scope.split("/"):
            key = keyed(key, part)
        signature = keyed(key, text).hex()
        return {
            "Authorization": f"TC3-HMAC-SHA256 Credential={self.secret_id}/{scope}, "
            f"SignedHeaders=content-type;host, Signature={signature}",
            "Content-Type": "application/json",
            "Host": host,
            "X-TC-Action": action,
            "X-TC-Version": "2018-03-01",
            "X-TC-Timestamp": str(now),
            "X-TC-Language": "zh-CN",
        }

    def outcome(self, number, name, photo):
        """What the product does with a person: `photo` is bytes."""
        fields = {"IdCard": number, "Name": name, "ImageBase64": base64.b64encode(photo).decode()}
        body = json.dumps(fields).encode()
        answer = requests.post(self.url, data=body, headers=self.headers("ImageRecognitionV2", body), timeout=10)
        said = answer.json()["Response"]
        code = said["Error"]["Code"] if "Error" in said else said["Result"]
        if code == "Success":
            return "passed"
        if code == "FailedOperation.CompareLowSimilarity":
            return "another face"
        if code == "FailedOperation.IdNameMisMatch":
            return "wrong name"
        if code in WRONG_NUMBER:
            return "wrong number"
        if code.startswith("FailedOperation.LifePhoto"):
            return "another photo"
        if code in TRY_AGAIN:
            return "try again"
        raise RuntimeError(code)
