"""Every code through the shipped families over HTTP, by requests and in both kinds of body."""

import pytest
import requests

from mockface import codes
from mockface.scenarios import family
from mockface.signature.accounts import TEST_ACCOUNT
from tests.making import JPEG, URL, sign_now


def call(server, form, number, name="张三"):
    fields = {"appid": TEST_ACCOUNT.appid, "idcard_number": number, "idcard_name": name}
    url, headers = f"{server.url}/face/idcardcompare", {"Authorization": sign_now()}
    if form == "json":
        return requests.post(url, json={**fields, "url": URL}, headers=headers, timeout=10)
    return requests.post(url, data=fields, files={"image": ("face.jpg", JPEG)}, headers=headers, timeout=10)


@pytest.mark.parametrize("form", ["json", "multipart"])
@pytest.mark.parametrize("code", codes.TABLE[1:], ids=lambda code: str(code.number))
def test_each_code_is_fetched_by_its_number(server, code, form):
    reply = call(server, form, family.number_for_code(code))
    assert (reply.json()["code"], reply.status_code) == (code.number, code.status)
    assert reply.headers["x-mockface-why"].startswith("scenario 1101101999")


@pytest.mark.parametrize("form", ["json", "multipart"])
@pytest.mark.parametrize("similarity", [0, 59.9, 74.9, 75, 75.1, 99.9, 100])
def test_each_similarity_around_the_threshold_is_a_float(server, similarity, form):
    reply = call(server, form, family.number_for_similarity(similarity))
    assert reply.text.endswith(f'"similarity":{float(similarity)}}}}}')
    assert "x-mockface-why" not in reply.headers
