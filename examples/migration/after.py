# after.py
"""The client after: ImageRecognitionV2, by the vendor's SDK (tencentcloud-sdk-python-faceid)."""

import base64
import os
from urllib.parse import urlsplit

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.faceid.v20180301.faceid_client import FaceidClient
from tencentcloud.faceid.v20180301.models import ImageRecognitionV2Request

WRONG_NUMBER = {"FailedOperation.IdFormatError", "FailedOperation.IdNoExistSystem"}
TRY_AGAIN = {
    "RequestLimitExceeded",
    "InternalError",
    "ServiceUnavailable",
    "FailedOperation.CompareSystemError",
    "FailedOperation.CompareLibServiceUnavailable",
}


class After:
    def __init__(self, url, secret_id, secret_key):
        address = urlsplit(url)
        profile = ClientProfile(httpProfile=HttpProfile(protocol=address.scheme, endpoint=address.netloc))
        self.client = FaceidClient(Credential(secret_id, secret_key), "", profile)

    def outcome(self, number, name, photo):
        """What the product does with a person: `photo` is bytes."""
        request = ImageRecognitionV2Request()
        request.IdCard, request.Name = number, name
        request.ImageBase64 = base64.b64encode(photo).decode()
        try:
            code = self.client.ImageRecognitionV2(request).Result
        except TencentCloudSDKException as refusal:
            code = refusal.code
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


if __name__ == "__main__":
    client = After(
        os.environ.get("MOCKFACE_URL", "http://127.0.0.1:8641"),
        "AKIDmock0000000000000000000000000000",
        "mock-secret-key-0123456789abcdef",
    )
    photo = b"\xff\xd8\xff\xe0 stands for a photo"
    print(client.outcome("110110199909090909", "张三", photo))
    print(client.outcome("110110199905018032", "张三", photo))
