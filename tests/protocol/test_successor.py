"""API 3.0 on a real socket: what comes back, to the byte, for every way to ask."""

import json
import re
import time
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockface.gateway import codes, results
from mockface.gateway.outcomes import OUTCOMES
from mockface.model import Account
from mockface.network.client import Client
from mockface.operations.faceid.recognition import CODES
from mockface.scenarios import family
from mockface.testing import Mockface
from tests.successor import PICTURE, SAMPLE, ask, ask_v1, encoded, fields_for, sent

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
OF_RECOGNITION = tuple(name for name in OUTCOMES if name in CODES.by_number)
ACTIONS = ("ImageRecognition", "ImageRecognitionV2", "IdCardVerification")


@pytest.fixture(scope="module")
def server():
    with Mockface() as m:
        yield m


@pytest.fixture(scope="module")
def strict():
    """A server that verifies signatures."""
    with Mockface(signature="verify") as m:
        yield m


@pytest.fixture
def url(server):
    return server.url


def number(similarity):
    return family.number_for_similarity(similarity)


# The envelope


def test_a_success_is_compact_in_alphabetical_order_with_the_head_of_the_gateway(url):
    answer = ask(url)
    expected = rf'\{{"Response":\{{"Description":"成功","RequestId":"{UUID}","Result":"Success","Sim":89.88\}}\}}'
    assert re.fullmatch(expected, answer.body.decode())
    assert answer.status == 200
    assert [name for name, _ in answer.head][:6] == [
        "Server", "Date", "Content-Type", "Content-Length", "Connection", "Access-Control-Allow-Credentials",
    ]  # fmt: skip
    assert dict(answer.head)["Content-Type"] == "application/json"
    assert dict(answer.head)["Access-Control-Allow-Credentials"] == "true"


def test_an_error_has_code_before_message_and_status_200(url):
    answer = ask(url, fields={"IdCard": SAMPLE, "Name": "张三"})
    expected = (
        r'\{"Response":\{"Error":\{"Code":"MissingParameter","Message":"The request is missing a required parameter '
        rf'`ImageBase64`."\}},"RequestId":"{UUID}"\}}\}}'
    )
    assert (answer.status, bool(re.fullmatch(expected, answer.body.decode()))) == (200, True)


def test_a_failed_comparison_is_a_result_with_an_integer_sim_of_0(url):
    refused = family.number_for_code(codes.EVERY["FailedOperation.LifePhotoDetectFake"])
    answer = ask(url, fields=fields_for("ImageRecognition", IdCard=refused))
    assert b'"Result":"FailedOperation.LifePhotoDetectFake","Sim":0}' in answer.body
    assert answer.said["Description"] == "实人比对没通过"


@pytest.mark.parametrize(("similarity", "told"), [(100.0, b"100"), (74.9, b"74.9"), (0.0, b"0")])
def test_sim_is_a_number_whole_ones_without_a_point(url, similarity, told):
    answer = ask(url, fields=fields_for("ImageRecognition", IdCard=number(similarity)))
    assert b'"Sim":' + told + b"}" in answer.body


def test_sim_has_two_decimals_at_most(server):
    person = server.add(similarity=98.819999694824)
    answer = ask(server.url, fields=fields_for("ImageRecognition", IdCard=person.idcard_number))
    assert answer.said["Sim"] == 98.82


def test_extra_comes_back_from_v2_and_is_unknown_to_v1(url):
    fields = fields_for("ImageRecognitionV2", Extra="order 7")
    assert ask(url, "ImageRecognitionV2", fields).said["Extra"] == "order 7"
    assert "Extra" not in ask(url, "ImageRecognitionV2").said
    assert ask(url, "ImageRecognition", fields).code == "UnknownParameter"


def test_a_request_id_is_another_for_each_call_and_finds_the_call(server):
    first, second = ask(server.url).said["RequestId"], ask(server.url).said["RequestId"]
    assert first != second
    assert Client(server.url).get(f"/_mockface/calls/{first}")["operation"] == "ImageRecognition"


def test_the_same_seed_gives_the_same_request_ids():
    def ids():
        with Mockface(seed=7) as m:
            return [ask(m.url).said["RequestId"] for _ in range(2)]

    assert ids() == ids()


def test_connection_close_is_honoured_at_once(url):
    began = time.monotonic()
    answer = ask(url, replaced={"Connection": "close"})
    assert dict(answer.head)["Connection"] == "close"
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(("language", "message"), [
    (None, "The request is missing a required parameter `ImageBase64`."),
    ("zh-CN", "请求缺少必传参数 `ImageBase64`。"),
    ("en-US", "The request is missing a required parameter `ImageBase64`."),
])  # fmt: skip
def test_the_gateway_speaks_english_unless_chinese_is_asked_for(url, language, message):
    answer = ask(url, fields={"IdCard": SAMPLE, "Name": "张三"}, language=language)
    assert answer.said["Error"]["Message"] == message


@pytest.mark.parametrize(("language", "description"), [(None, "成功"), ("zh-CN", "成功"), ("en-US", "Success")])
def test_the_product_speaks_chinese_unless_english_is_asked_for(url, language, description):
    assert ask(url, language=language).said["Description"] == description


# People


def test_v2_does_not_let_a_similarity_below_70_pass_and_v1_does(url):
    fields = fields_for("ImageRecognition", IdCard=number(45))
    assert (ask(url, "ImageRecognition", fields).code, ask(url, "ImageRecognition", fields).said["Sim"]) == (
        "Success",
        45,
    )
    low = ask(url, "ImageRecognitionV2", fields)
    assert (low.code, low.said["Sim"]) == ("FailedOperation.CompareLowSimilarity", 45)
    at = fields_for("ImageRecognitionV2", IdCard=number(70))
    assert ask(url, "ImageRecognitionV2", at).code == "Success"


def test_v1_refuses_a_low_similarity_where_the_switch_says_so():
    with Mockface(low_similarity="refuse") as m:
        answer = ask(m.url, fields=fields_for("ImageRecognition", IdCard=number(45)))
        assert (answer.code, answer.said["Sim"]) == ("FailedOperation.CompareLowSimilarity", 45)


def test_failures_stand_in_error_where_the_switch_says_so():
    refused = family.number_for_code(codes.EVERY["FailedOperation.LifePhotoDetectFake"])
    with Mockface(failed_operations="error") as m:
        answer = ask(m.url, fields=fields_for("ImageRecognition", IdCard=refused))
        assert answer.said["Error"] == {"Code": "FailedOperation.LifePhotoDetectFake", "Message": "实人比对没通过。"}
        person = m.add(code=-5803)
        answer = ask(m.url, "IdCardVerification", fields_for("IdCardVerification", IdCard=person.idcard_number))
        assert answer.said["Result"] == "-1"


@pytest.mark.parametrize("name", OF_RECOGNITION)
def test_every_outcome_is_met_by_its_number_where_it_belongs(url, name):
    code = codes.EVERY[name]
    answer = ask(url, fields=fields_for("ImageRecognition", IdCard=family.number_for_code(code)))
    assert answer.code == name
    assert ("Error" in answer.said) == (code.data == codes.ERROR)


@pytest.mark.parametrize("name", [name for name in OUTCOMES if name not in OF_RECOGNITION])
def test_an_outcome_of_a_video_is_an_error_here_and_never_a_success(url, name):
    answer = ask(url, fields=fields_for("ImageRecognition", IdCard=family.number_for_code(codes.EVERY[name])))
    assert answer.said["Error"]["Code"] == "InternalError"
    assert f"ImageRecognition has no word for {name}; give the scenario one of its codes too" in answer.why


def test_the_frozen_list_has_every_code_of_the_action():
    assert {*OF_RECOGNITION, "Success"} == {code.number for code in CODES}
    assert OUTCOMES[: len(OF_RECOGNITION)] == OF_RECOGNITION, "those of videos came later"
    assert OUTCOMES[:3] == (
        "FailedOperation.CompareFail", "FailedOperation.CompareLibServiceUnavailable",
        "FailedOperation.CompareLowSimilarity",
    )  # fmt: skip
    assert OUTCOMES.index("FailedOperation.LifePhotoDetectFake") == 13
    assert OUTCOMES[27] == "UnsupportedOperation"
    assert len(results.TABLE) == 28


@pytest.mark.parametrize(("old", "v2", "verification"), [
    (-5803, "FailedOperation.IdNameMisMatch", "-1"),
    (-5804, "FailedOperation.IdFormatError", "-2"),
    (15, "RequestLimitExceeded", "RequestLimitExceeded"),
    (24, "UnauthorizedOperation.Nonactivated", "UnauthorizedOperation.Nonactivated"),
    (-5008, "InternalError", "InternalError"),
])  # fmt: skip
def test_one_person_answers_both_generations(server, old, v2, verification):
    person = server.add(code=old)
    for action, expected in (("ImageRecognitionV2", v2), ("IdCardVerification", verification)):
        answer = ask(server.url, action, fields_for(action, IdCard=person.idcard_number))
        assert answer.code == expected
    if v2 == "InternalError":
        assert "has no word for -5008 VIDEO_WRONG_DIGITS; give the scenario one of its codes too" in answer.why


def test_a_scenario_of_the_successor_answers_the_old_api_or_says_what_is_missing(server, old_call):
    assert old_call(server, server.add(result="FailedOperation.IdNameMisMatch").idcard_number)["code"] == -5803
    assert old_call(server, server.add(error="AuthFailure.SignatureExpire").idcard_number)["code"] == 9
    assert old_call(server, server.add(result="FailedOperation.LifePhotoDetectFake").idcard_number)["code"] == 213


@pytest.fixture
def old_call():
    def call(m, idcard_number):
        fields = {
            "appid": m.credentials.appid, "idcard_number": idcard_number, "idcard_name": "张三", "url": "http://a.test/b",
        }  # fmt: skip
        headers = [("Host", urlsplit(m.url).netloc), ("Content-Type", "application/json"), ("Authorization", m.sign())]
        return json.loads(sent(m.url, "POST", "/face/idcardcompare", json.dumps(fields).encode(), headers).body)

    return call


def test_a_scenario_may_say_something_of_its_own_to_each_generation(server, old_call):
    person = server.add(code=-5008, result="FailedOperation.LifePhotoDetectFake")
    answer = ask(server.url, fields=fields_for("ImageRecognition", IdCard=person.idcard_number))
    assert answer.code == "FailedOperation.LifePhotoDetectFake"
    assert "which the scenario has for it" in answer.why
    assert old_call(server, person.idcard_number)["code"] == -5008


def test_a_failure_of_an_operation_stands_where_the_scenario_says(server):
    person = server.add(error="FailedOperation.CompareFail")
    answer = ask(server.url, fields=fields_for("ImageRecognition", IdCard=person.idcard_number))
    assert answer.said["Error"]["Code"] == "FailedOperation.CompareFail"


@pytest.mark.parametrize(("given", "says"), [
    ({"result": "FailedOperation.LifePhotoDetectFak"}, "LifePhotoDetectFake"),
    ({"result": "InternalError"}, "write error: InternalError"),
    ({"error": "InternalErorr"}, "InternalError"),
    ({"result": "Success"}, "is a success"),
    ({"result": "FailedOperation.CompareFail", "error": "InternalError"}, "both result and error"),
])  # fmt: skip
def test_a_wrong_word_of_the_successor_is_told_with_the_nearest_right_one(server, given, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        server.add(**given)


# What is earned


def earned(url, **changes):
    return ask(url, fields=fields_for("ImageRecognition", **changes)).code


@pytest.mark.parametrize(("changes", "code"), [
    ({"IdCard": None}, "MissingParameter"),
    ({"Name": None}, "MissingParameter"),
    ({"ImageBase64": None}, "MissingParameter"),
    ({"Bucket": "x"}, "UnknownParameter"),
    ({"IdCard": 110110199912017492}, "InvalidParameter"),
    ({"Name": ["张三"]}, "InvalidParameter"),
    ({"ImageBase64": {}}, "InvalidParameter"),
    ({"Encryption": "x"}, "InvalidParameter"),
    ({"ImageBase64": ""}, "InvalidParameterValue"),
    ({"ImageBase64": "#" * 60}, "InvalidParameterValue"),
    ({"ImageBase64": f"data:image/jpeg;base64,{PICTURE}"}, "InvalidParameterValue"),
    ({"ImageBase64": "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"}, "FailedOperation.LifePhotoPoorQuality"),
    ({"ImageBase64": PICTURE[:400] + "A" * (3 * 1024 * 1024)}, "FailedOperation.LifePhotoSizeError"),
    ({"IdCard": ""}, "FailedOperation.IdFormatError"),
    ({"IdCard": "11011019991201749x"}, "FailedOperation.IdFormatError"),
    ({"IdCard": "110110991201749"}, "FailedOperation.IdFormatError"),
    ({"IdCard": "123"}, "FailedOperation.IdFormatError"),
    ({"Name": ""}, "FailedOperation.NameFormatError"),
    ({"Name": "张3"}, "FailedOperation.NameFormatError"),
    ({"Name": "张" * 33}, "FailedOperation.NameFormatError"),
    ({"Optional": "{}"}, "Success"),
])  # fmt: skip
def test_a_field_earns_its_code(url, changes, code):
    assert earned(url, **changes) == code


@pytest.mark.parametrize("extra", ["", "12345678901"])
def test_extra_of_another_length_is_a_wrong_value(url, extra):
    assert ask(url, "ImageRecognitionV2", fields_for("ImageRecognitionV2", Extra=extra)).code == "InvalidParameterValue"


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_misses_its_fields_in_the_order_of_the_documentation(url, action):
    assert "`IdCard`" in ask(url, action, {}).said["Error"]["Message"]
    assert "`Name`" in ask(url, action, {"IdCard": SAMPLE}).said["Error"]["Message"]


@pytest.mark.parametrize(("header", "value", "code"), [
    ("X-TC-Action", None, "MissingParameter"),
    ("X-TC-Timestamp", None, "MissingParameter"),
    ("X-TC-Version", None, "MissingParameter"),
    ("X-TC-Timestamp", "soon", "InvalidParameter"),
    ("X-TC-Timestamp", "-5", "InvalidParameter"),
    ("X-TC-Version", "2017-03-12", "NoSuchVersion"),
    ("X-TC-Action", "imageRecognition", "InvalidAction"),
    ("X-TC-Action", "GetEidToken", "InvalidAction"),
    ("X-TC-Content-SHA256", "abc", "InvalidParameterValue"),
    ("Authorization", "SKIP", "AuthFailure.InvalidAuthorization"),
    ("Authorization", "Bearer x", "AuthFailure.InvalidAuthorization"),
    ("Content-Type", "multipart/form-data; boundary=x", "UnsupportedProtocol"),
    ("Content-Type", "text/plain", "UnsupportedProtocol"),
    ("X-TC-Region", "", "Success"),
    ("X-TC-Region", "mars", "Success"),
])  # fmt: skip
def test_a_header_earns_its_code(url, header, value, code):
    assert ask(url, replaced={header: value}).code == code


def test_a_missing_header_is_named_as_the_gateway_names_it(url):
    answer = ask(url, replaced={"X-TC-Action": None})
    assert answer.said["Error"]["Message"] == "The request header is missing a required common parameter `X-TC-Action`."


def test_a_misspelt_field_is_named_beside_the_missing_one(url):
    answer = ask(url, fields={"IdCard": SAMPLE, "Name": "张三", "Image": PICTURE})
    assert answer.code == "MissingParameter"
    assert answer.why == (
        "the field ImageBase64 did not come; expected IdCard, Name, ImageBase64; 'Image' came, which this action does "
        "not have"
    )


def test_an_action_that_is_not_emulated_is_told_from_one_that_does_not_exist(url):
    assert "is an action of faceid that mockface does not emulate" in ask(url, "GetEidToken").why
    assert "there is no action 'Nonsense'" in ask(url, "Nonsense").why


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"IdCard": NaN}', b"a=b"])
def test_a_body_that_is_no_object_is_an_invalid_parameter(url, body):
    answer = ask(url, body=body)
    assert answer.code == "InvalidParameter"
    assert "not valid json format" in answer.said["Error"]["Message"]


@pytest.mark.parametrize(("off", "code"), [
    (0, "Success"), (295, "Success"), (-295, "Success"), (310, "AuthFailure.SignatureExpire"),
    (-310, "AuthFailure.SignatureExpire"),
])  # fmt: skip
def test_a_clock_may_be_off_by_five_minutes(url, off, code):
    assert ask(url, now=time.time() + off).code == code


def test_the_clock_is_mockfaces_own():
    with Mockface() as m:
        m.clock.advance(3600)
        assert ask(m.url).code == "AuthFailure.SignatureExpire"
        assert ask(m.url, now=time.time() + 3600).code == "Success"


def test_milliseconds_are_told(url):
    answer = ask(url, replaced={"X-TC-Timestamp": str(int(time.time() * 1000))})
    assert (answer.code, "looks like milliseconds" in answer.why) == ("AuthFailure.SignatureExpire", True)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_an_unsupported_protocol(url, method):
    answer = sent(url, method, "/", b"{}", [("Host", urlsplit(url).netloc), ("Content-Type", "application/json")])
    assert (answer.status, answer.code) == (200, "UnsupportedProtocol")


def test_a_bare_get_misses_its_timestamp_and_a_browser_gets_the_page(url):
    host = ("Host", urlsplit(url).netloc)
    answer = sent(url, "GET", "/", None, [host])
    assert answer.said["Error"] == {
        "Code": "MissingParameter", "Message": "The request is missing a required parameter `Timestamp`.",
    }  # fmt: skip
    assert b"<!doctype html" in sent(url, "GET", "/", None, [host, ("Accept", "text/html")]).body.lower()


def test_json_of_10_mb_is_read_and_more_is_refused(url):
    filler = "A" * (10 * 1024 * 1024 - 200)
    most = json.dumps({"IdCard": SAMPLE, "Name": "张三", "ImageBase64": filler}).encode()
    assert ask(url, body=most).code == "FailedOperation.LifePhotoSizeError"
    assert ask(url, body=most + b" " * 400).code == "RequestSizeLimitExceeded"


def test_a_form_above_1_mb_is_a_signature_failure_of_its_own(url):
    answer = ask_v1(url, fields=fields_for("ImageRecognition", ImageBase64="A" * 1024 * 1024))
    assert answer.code == "AuthFailure.SignatureFailure"
    assert "exceeding request size limit" in answer.said["Error"]["Message"]


def test_a_query_above_32_kb_is_refused(url):
    answer = ask_v1(url, fields=fields_for("ImageRecognition", ImageBase64="A" * 33 * 1024), method="GET")
    assert answer.code == "RequestSizeLimitExceeded"


# Signatures


@pytest.mark.parametrize("action", ACTIONS)
def test_a_signature_of_v3_verifies(strict, action):
    assert ask(strict.url, action).code in ("Success", "0")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("algorithm", ["", "HmacSHA1", "HmacSHA256"])
def test_a_signature_of_v1_verifies(strict, method, algorithm):
    fields = {"IdCard": SAMPLE, "Name": "张三"}
    answer = ask_v1(strict.url, "IdCardVerification", fields, method=method, algorithm=algorithm)
    assert answer.code == "0"


@pytest.mark.parametrize("nonce", [1, 2**63 - 1])
def test_a_nonce_may_be_as_long_as_that_of_the_python_sdk(strict, nonce):
    assert ask_v1(strict.url, "IdCardVerification", {"IdCard": SAMPLE, "Name": "张三"}, nonce=nonce).code == "0"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_key_of_v1_is_a_signature_failure(strict, method):
    other = Account("1", strict.credentials.secret_id, "another")
    fields = {"IdCard": SAMPLE, "Name": "张三"}
    answer = ask_v1(strict.url, "IdCardVerification", fields, method=method, account=other)
    assert answer.code == "AuthFailure.SignatureFailure"


def test_v1_says_what_is_missing_and_what_has_another_type(url):
    host = [("Host", urlsplit(url).netloc), ("Content-Type", "application/x-www-form-urlencoded")]
    given = {"Timestamp": str(int(time.time())), "Nonce": "x", "SecretId": "a", "Action": "ImageRecognition",
             "Version": "2018-03-01", "Signature": "b"}  # fmt: skip
    for name in ("Timestamp", "Nonce", "SecretId", "Action", "Version", "Signature"):
        rest = {key: value for key, value in given.items() if key != name}
        answer = sent(url, "POST", "/", encoded(rest).encode(), host)
        assert (answer.code, f"`{name}`" in answer.said["Error"]["Message"]) == ("MissingParameter", True)
    assert (
        sent(url, "POST", "/", encoded(given).encode(), host).said["Error"]["Message"]
        == "Parameter `Nonce` type error."
    )
    assert sent(url, "POST", "/", b"a", host).said["Error"]["Message"] == "Url key and value should be splited by `=`."
    assert "empty string" in sent(url, "POST", "/", b"=a", host).said["Error"]["Message"]


def test_an_unknown_key_is_told_before_a_wrong_signature(strict):
    unknown = Account("1", "AKIDunknown000000000000000000000000", "x")
    assert ask(strict.url, account=unknown).code == "AuthFailure.SecretIdNotFound"
    other = Account("1", strict.credentials.secret_id, "another key")
    assert ask(strict.url, account=other).code == "AuthFailure.SignatureFailure"


def test_shape_looks_at_no_key_and_says_what_verify_would(server):
    other = Account("1", server.credentials.secret_id, "another key")
    answer = ask(server.url, account=other)
    assert answer.code == "Success"
    call = Client(server.url).get(f"/_mockface/calls/{answer.said['RequestId']}")
    assert call["signature"] == "wrong key"
    states = {one["check"]: one["state"] for one in call["verdict"]["checks"]}
    assert states["signature_right"] == "would fail with --signature verify"


def test_a_payload_may_stay_unsigned(strict):
    from mockface.gateway import tc3

    url, now = strict.url, int(time.time())
    host, date = urlsplit(url).netloc, tc3.utc_date(now)
    headers = {b"content-type": b"application/json", b"host": host.encode()}
    canonical = tc3.canonical_request("POST", b"", headers, tc3.REQUIRED_HEADERS, tc3.UNSIGNED_PAYLOAD)
    text = tc3.string_to_sign(str(now), tc3.scope(date, "faceid"), canonical)
    signature = tc3.sign(strict.credentials.secret_key, date, "faceid", text)
    value = tc3.authorization(
        tc3.Tc3Claims(strict.credentials.secret_id, date, "faceid", tc3.REQUIRED_HEADERS, signature)
    )
    replaced = {"Authorization": value, "X-TC-Content-SHA256": "UNSIGNED-PAYLOAD", "X-TC-Timestamp": str(now)}
    assert ask(url, replaced=replaced).code == "Success"
    assert ask(url, replaced={**replaced, "X-TC-Content-SHA256": None}).code == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize("host", ["127.0.0.1", "http://127.0.0.1:8641", "faceid.tencentcloudapi.com"])
def test_any_host_verifies_that_the_client_signed(strict, host):
    assert ask(strict.url, host=host).code == "Success"


def test_a_token_belongs_to_an_account_that_has_one(tmp_path):
    file = tmp_path / "accounts.yaml"
    file.write_text(
        "accounts:\n  - { appid: '1', secret_id: AKIDtemporary, secret_key: made-up, token: a-token }\n",
        encoding="utf-8",
    )
    temporary = Account("1", "AKIDtemporary", "made-up")
    with Mockface(signature="verify", scenarios=file) as m:
        assert ask(m.url, account=temporary, token="a-token").code == "Success"
        assert ask(m.url, account=temporary, token="another").code == "AuthFailure.TokenFailure"
        assert ask(m.url, account=temporary).code == "AuthFailure.TokenFailure"
        assert ask(m.url, token="a-token").code == "AuthFailure.TokenFailure"


@pytest.mark.parametrize(("state", "code"), [
    ("arrears", "UnauthorizedOperation.Arrears"), ("not_authorised", "UnauthorizedOperation.Nonactivated"),
    ("auth_down", "InternalError"), ("auth_down_2", "ServiceUnavailable"),
])  # fmt: skip
def test_the_state_of_an_account_counts_for_both_generations(tmp_path, state, code):
    file = tmp_path / "accounts.yaml"
    file.write_text(
        f"accounts:\n  - {{ appid: '1', secret_id: AKIDother, secret_key: made-up, state: {state} }}\n",
        encoding="utf-8",
    )
    with Mockface(scenarios=file) as m:
        assert ask(m.url, account=Account("1", "AKIDother", "made-up")).code == code


def test_a_rate_is_told_with_its_numbers(tmp_path):
    file = tmp_path / "accounts.yaml"
    file.write_text(
        "accounts:\n  - { appid: '1', secret_id: AKIDother, secret_key: made-up, rate_limit: 2/s }\n", encoding="utf-8"
    )
    account = Account("1", "AKIDother", "made-up")
    with Mockface(scenarios=file) as m:
        m.clock.set(1_800_000_000)
        answers = [ask(m.url, account=account, now=1_800_000_000) for _ in range(3)]
        assert [one.code for one in answers] == ["Success", "Success", "RequestLimitExceeded"]
        assert "equals to `3` in a second, which exceeds the frequency limit `2`" in answers[2].said["Error"]["Message"]


def test_off_looks_at_no_signature():
    with Mockface(signature="off") as m:
        bare = [("Host", urlsplit(m.url).netloc), ("Content-Type", "application/json")]
        told = [*bare, ("X-TC-Action", "IdCardVerification"), ("X-TC-Version", "2018-03-01")]
        body = json.dumps({"IdCard": SAMPLE, "Name": "张三"}).encode()
        assert sent(m.url, "POST", "/", body, told).code == "0"
        assert sent(m.url, "POST", "/", body, bare).code == "MissingParameter"


# Encrypted fields


def test_encrypted_fields_are_decrypted_with_mockfaces_keys_and_find_their_person(tmp_path):
    from mockface.network.keys import fill
    from tests.encrypting import encrypted

    fill(tmp_path)
    public = (tmp_path / "public-rsa.pem").read_bytes()
    clear = {"IdCard": family.number_for_code(codes.EVERY["FailedOperation.LifePhotoDetectFake"]), "Name": "张三"}
    sent_fields = encrypted({"ImageBase64": PICTURE, **clear}, ["IdCard", "Name"], public)
    encryption = sent_fields["Encryption"]
    with Mockface(keys=tmp_path) as m:
        assert ask(m.url, fields=sent_fields).code == "FailedOperation.LifePhotoDetectFake"
        assert m.calls[-1].number == clear["IdCard"]
        broken = {**sent_fields, "Encryption": {**encryption, "CiphertextBlob": "AAAA"}}
        assert ask(m.url, fields=broken).code == "FailedOperation.DecryptSystemError"
        foreign = {**sent_fields, "Encryption": {**encryption, "Foo": "x"}}
        assert ask(m.url, fields=foreign).code == "UnknownParameter"
    with Mockface() as m:
        answer = ask(m.url, fields=sent_fields)
        assert (answer.code, "mockface keys init" in answer.why) == ("FailedOperation.DecryptSystemError", True)


# Which operations there are


def test_only_the_chosen_operations_are_there():
    with Mockface(operations=["ImageRecognitionV2"]) as m:
        assert ask(m.url, "ImageRecognitionV2").code == "Success"
        assert ask(m.url, "ImageRecognition").code == "InvalidAction"
        assert [one["name"] for one in Client(m.url).get("/_mockface/operations")] == ["ImageRecognitionV2"]
    with pytest.raises(ValueError, match=r"--operations has Nonsense, .* there are idcardcompare, .*ImageRecognition"):
        Mockface(operations=["Nonsense"]).__enter__()


def test_an_action_is_known_at_any_path_but_the_old_apis(url):
    headers = [
        ("Host", urlsplit(url).netloc),
        ("Content-Type", "application/json"),
        ("X-TC-Action", "ImageRecognition"),
    ]
    assert sent(url, "POST", "/some/where", b"{}", headers).code == "MissingParameter"
    assert json.loads(sent(url, "POST", "/face/idcardcompare", b"{}", headers).body)["code"] == 3


# Whatever comes


@settings(max_examples=60, deadline=None)
@given(
    body=st.binary(max_size=300) | st.text(max_size=100).map(str.encode),
    action=st.sampled_from([*ACTIONS, "", "x"]),
    authorization=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80) | st.none(),
    content_type=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "multipart/form-data", ""]),
)
def test_any_bytes_get_an_answer_of_the_envelope(server, body, action, authorization, content_type):
    headers = [("Host", urlsplit(server.url).netloc), ("Content-Type", content_type), ("X-TC-Action", action)]
    if authorization is not None:
        headers.append(("Authorization", authorization.strip()))
    answer = sent(server.url, "POST", "/", body, headers)
    assert answer.status == 200
    assert re.fullmatch(UUID, answer.said["RequestId"])
    assert set(answer.said["Error"]) == {"Code", "Message"}
