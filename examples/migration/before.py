# before.py
"""The client before: POST /face/idcardcompare, signed with HMAC-SHA1."""

import base64
import hashlib
import hmac
import os
import random
import time

import requests

ANOTHER_PHOTO = {-4009, -4011, -4012, -4015, -4016}
TRY_AGAIN = {15, 107, 108, 213, -5802}


class Before:
    def __init__(self, url, appid, secret_id, secret_key, bucket):
        self.url, self.appid, self.bucket = url, appid, bucket
        self.secret_id, self.secret_key = secret_id, secret_key

    def authorization(self):
        now = int(time.time())
        text = f"a={self.appid}&b={self.bucket}&k={self.secret_id}&e={now + 600}&t={now}&r={random.randrange(10**9)}&f="
        digest = hmac.new(self.secret_key.encode(), text.encode(), hashlib.sha1).digest()
        return base64.b64encode(digest + text.encode()).decode()

    def outcome(self, number, name, photo):
        """What the product does with a person: `photo` is bytes."""
        fields = {"appid": self.appid, "bucket": self.bucket, "idcard_number": number, "idcard_name": name}
        fields["image"] = base64.b64encode(photo).decode()
        headers = {"Authorization": self.authorization()}
        answer = requests.post(f"{self.url}/face/idcardcompare", json=fields, headers=headers, timeout=10).json()
        code = answer["code"]
        if code == 0:
            return "passed" if answer["data"]["similarity"] > 75 else "another face"
        if code == -5803:
            return "wrong name"
        if code == -5804:
            return "wrong number"
        if code in ANOTHER_PHOTO:
            return "another photo"
        if code in TRY_AGAIN:
            return "try again"
        raise RuntimeError(f"{code} {answer['message']}")


if __name__ == "__main__":
    client = Before(
        os.environ.get("MOCKFACE_URL", "http://127.0.0.1:8641"),
        "1250000000",
        "AKIDmock0000000000000000000000000000",
        "mock-secret-key-0123456789abcdef",
        "mockbucket",
    )
    photo = b"\xff\xd8\xff\xe0 stands for a photo"
    print(client.outcome("110110199909090909", "张三", photo))
    print(client.outcome("110110199905018032", "张三", photo))
