"""Each check by a call that is valid but for one thing; what it answers, and that it says why."""

import base64

import pytest

from mockface import checks, codes
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE
from mockface.operations.idcardcompare.checklist import checklist
from mockface.signature import hmac_sha1
from mockface.signature.accounts import TEST_ACCOUNT
from tests.making import (
    GIF,
    JPEG,
    LEFT_OUT,
    MULTIPART_TYPE,
    NOW,
    PICTURES,
    ask,
    emulator,
    fields_of,
    json_body,
    multipart_body,
    raw,
    sign,
    sign_text,
)


def refused_with(answer, code):
    assert answer.code == code.number, answer
    assert answer.status == code.status
    assert answer.why
    return answer.why


def test_a_valid_call_by_url_is_a_success_in_the_wires_bytes():
    answer = ask(json_body(session_id="s-1"))
    assert answer.status == 200
    assert answer.body == b'{"code":0,"message":"OK","data":{"session_id":"s-1","similarity":100.0}}'
    assert answer.why is None


@pytest.mark.parametrize("name", PICTURES)
def test_a_valid_call_by_picture_is_a_success(name):
    assert ask(multipart_body(PICTURES[name]), content_type=MULTIPART_TYPE).code == 0


@pytest.mark.parametrize("form", [base64.b64encode(JPEG), b"data:image/jpeg;base64," + base64.b64encode(JPEG)])
def test_a_picture_as_text_is_a_success_in_json_and_in_multipart(form):
    assert ask(json_body(url=LEFT_OUT, image=form.decode())).code == 0
    assert ask(multipart_body(form), content_type=MULTIPART_TYPE).code == 0


@pytest.mark.parametrize("text", ["data:image/jpeg;base64,", "data:;base64, \n"])
def test_a_data_url_of_an_empty_file_is_no_picture_as_an_empty_file_is_none(text):
    """What FileReader.readAsDataURL gives for an empty file."""
    in_json = refused_with(ask(json_body(url=LEFT_OUT, image=text)), codes.PHOTO_MISSING)
    for body in (multipart_body(text.encode()), multipart_body(b"")):
        assert refused_with(ask(body, content_type=MULTIPART_TYPE), codes.PHOTO_MISSING) == in_json
    assert "empty" in in_json


def test_an_unknown_path_is_3_with_404_and_another_method_3_with_405():
    wrong_path, wrong_method = ask(path="/face/nothing"), ask(method="GET")
    assert (wrong_path.code, wrong_path.status) == (3, 404)
    assert (wrong_method.code, wrong_method.status) == (3, 405)
    assert "/face/idcardcompare" in (wrong_path.why or "")
    assert "POST" in (wrong_method.why or "")


def test_a_body_over_the_limit_is_23():
    exact = json_body()
    assert ask(exact, limit_bytes=len(exact)).code == 0
    why = refused_with(ask(exact, limit_bytes=len(exact) - 1), codes.BODY_TOO_LARGE)
    assert "6291456" in why


def test_a_host_is_checked_only_with_hosts():
    host = [(b"host", b"Recognition.image.myqcloud.com:8641")]
    assert ask(headers=[(b"host", b"elsewhere")]).code == 0
    strict = emulator(hosts=("recognition.image.myqcloud.com", "[::1]"))
    assert ask(of=strict, headers=host).code == 0
    assert ask(of=strict, headers=[(b"host", b"[::1]:80")]).code == 0
    assert "elsewhere" in refused_with(ask(of=strict, headers=[(b"host", b"elsewhere")]), codes.BAD_REQUEST)


def test_a_content_type_of_another_kind_is_3():
    assert "text/plain" in refused_with(ask(content_type=b"text/plain"), codes.BAD_REQUEST)
    refused_with(ask(content_type=None), codes.BAD_REQUEST)


@pytest.mark.parametrize("appid", [LEFT_OUT, "", None, 1250000000, ["1250000000"]])
def test_an_appid_that_is_no_string_is_not_found(appid):
    answer = ask(json_body(appid=appid))
    refused_with(answer, codes.BAD_REQUEST)
    assert fields_of(answer) == {"code": 3, "message": "donot find appid"}


def test_an_appid_in_the_query_string_counts_where_the_body_has_none():
    assert ask(json_body(appid=LEFT_OUT), query=b"x=1&appid=1250000000").code == 0
    assert ask(json_body(appid=LEFT_OUT), query=b"appid=").code == 3
    assert ask(json_body(), query=b"appid=1").code == 0


def test_the_appid_is_missed_before_the_signature_and_the_signature_before_the_parameters():
    assert ask(json_body(appid=LEFT_OUT), authorization="").code == 3
    assert ask(json_body(idcard_name=LEFT_OUT), authorization="").code == 4


@pytest.mark.parametrize("authorization", ["", "   "])
def test_no_signature_is_4_in_the_bytes_that_were_seen(authorization):
    answer = ask(authorization=authorization)
    refused_with(answer, codes.SIGNATURE_EMPTY)
    assert answer.body == b'{"code":4,"message":"has no sign or sign is empty","data":{}}'


def test_a_malformed_signature_is_5():
    refused_with(ask(authorization="Bearer x"), codes.SIGNATURE_MALFORMED)


def test_two_authorization_headers_that_differ_are_5():
    two = ask(headers=[(b"authorization", sign(bucket="").encode())])
    assert "2 Authorization" in refused_with(two, codes.SIGNATURE_MALFORMED)
    assert ask(headers=[(b"authorization", sign().encode())]).code == 0


def test_a_signature_for_another_appid_is_6():
    assert "a=1250000001" in refused_with(ask(authorization=sign(appid="1250000001")), codes.SIGNATURE_TARGET_MISMATCH)


@pytest.mark.parametrize(
    ("signed", "sent", "code"),
    [
        ("", "b", 0),
        ("b", LEFT_OUT, 0),
        ("b", "b", 0),
        ("b-1250000000", "b", 0),
        ("b", "b-1250000000", 0),
        ("b", "c", 6),
    ],
)
def test_a_bucket_is_compared_only_where_both_give_one(signed, sent, code):
    assert ask(json_body(bucket=sent), authorization=sign(bucket=signed)).code == code


@pytest.mark.parametrize(("expires_at", "code"), [(NOW + 1, 0), (NOW, 9), (NOW - 1, 9), (1, 9)])
def test_a_signature_ends_at_e(expires_at, code):
    assert ask(authorization=sign(expires_at=expires_at)).code == code


def test_a_t_in_the_future_is_let_pass():
    assert ask(authorization=sign(signed_at=NOW + 5)).code == 0


def test_a_single_use_signature_needs_f_and_works_once():
    server = emulator()
    assert "f=" in refused_with(ask(of=server, authorization=sign(expires_at=0)), codes.SIGNATURE_MALFORMED)
    once = sign(expires_at=0, resource="/1250000000/b/f.jpg")
    assert ask(of=server, authorization=once).code == 0
    refused_with(ask(of=server, authorization=once), codes.SIGNATURE_REPLAYED)
    assert ask(of=server, authorization=sign(expires_at=0, resource="/1250000000/b/g.jpg")).code == 0


def test_a_multi_use_signature_may_repeat():
    server = emulator()
    assert [ask(of=server, authorization=sign()).code for _ in range(3)] == [0, 0, 0]


def test_shape_lets_pass_what_only_verify_can_judge():
    for authorization in (sign(secret_key="wrong"), sign(secret_id="AKIDnobody"), sign(expires_at=NOW + 10**8)):
        assert ask(authorization=authorization).code == 0


ACCOUNTS = """
accounts:
  - { appid: "1251111111", secret_id: AKIDteam, secret_key: team-key, buckets: [photos] }
"""


def verify(**changes):
    team = {"appid": "1251111111", "secret_id": "AKIDteam", "secret_key": "team-key", "bucket": "photos"}
    signed = sign(**{**team, **changes})
    appid = changes.get("appid", team["appid"])
    return ask(json_body(appid=appid), authorization=signed, of=emulator(ACCOUNTS, signature="verify"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, codes.OK),
        ({"bucket": ""}, codes.OK),
        ({"bucket": "photos-1251111111"}, codes.OK),
        ({"appid": "1259999999"}, codes.APPID_UNKNOWN),
        ({"secret_id": "AKIDnobody"}, codes.SECRET_ID_UNKNOWN),
        ({"secret_id": TEST_ACCOUNT.secret_id}, codes.SECRET_ID_MISMATCH),
        ({"secret_key": "wrong"}, codes.SIGNATURE_WRONG),
        ({"bucket": "elsewhere"}, codes.BUCKET_UNKNOWN),
        ({"expires_at": NOW + hmac_sha1.LIFE_LIMIT_S}, codes.OK),
        ({"expires_at": NOW + hmac_sha1.LIFE_LIMIT_S + 1}, codes.SIGNATURE_EXPIRED),
        ({"expires_at": NOW}, codes.SIGNATURE_EXPIRED),
    ],
    ids=lambda value: value.name if isinstance(value, codes.Code) else str(value),
)
def test_verify_knows_the_accounts_of_yaml(changes, code):
    answer = verify(**changes)
    assert answer.code == code.number, answer.why
    assert "team-key" not in (answer.why or "")


def test_verify_knows_the_test_account_and_every_layout():
    server = emulator(signature="verify")
    for layout in (
        "a={a}&b={b}&k={k}&t={t}&e={e}",
        "a={a}&k={k}&e={e}&t={t}&r=1&u=0&f=",
        "k={k}&e={e}&t={t}&x=y&a={a}",
    ):
        text = layout.format(a=TEST_ACCOUNT.appid, b="mockbucket", k=TEST_ACCOUNT.secret_id, t=NOW, e=NOW + 300)
        assert ask(of=server, authorization=sign_text(text)).code == 0


def test_off_looks_at_no_signature():
    server = emulator(signature="off")
    assert ask(of=server, authorization="").code == 0
    assert ask(of=server, authorization="nonsense").code == 0


@pytest.mark.parametrize("missing", ["", None, LEFT_OUT])
@pytest.mark.parametrize("field", ["idcard_number", "idcard_name"])
def test_a_number_or_name_absent_or_empty_is_minus_5801(field, missing):
    assert field in refused_with(ask(json_body(**{field: missing})), codes.IDENTITY_MISSING)


@pytest.mark.parametrize("field", ["idcard_number", "idcard_name", "url", "image", "session_id", "bucket"])
def test_a_field_of_another_json_type_is_21(field):
    changes = {field: 7} if field != "image" else {field: 7, "url": LEFT_OUT}
    assert f"{field} is a JSON number" in refused_with(ask(json_body(**changes)), codes.INVALID_PARAMETER)


def test_a_missing_name_comes_before_a_field_of_another_type():
    refused_with(ask(json_body(idcard_name="", url=7)), codes.IDENTITY_MISSING)


def test_neither_picture_is_minus_5805():
    refused_with(ask(json_body(url=LEFT_OUT)), codes.PHOTO_MISSING)
    refused_with(ask(json_body(url="", image="")), codes.PHOTO_MISSING)
    refused_with(ask(multipart_body(b""), content_type=MULTIPART_TYPE), codes.PHOTO_MISSING)


@pytest.mark.parametrize("url", ["ftp://x/y.jpg", "file:///etc/passwd", "//x/y.jpg", "x.jpg", "javascript:0"])
def test_a_url_that_is_not_http_is_minus_5805(url):
    refused_with(ask(json_body(url=url)), codes.PHOTO_MISSING)


def test_a_url_wins_over_an_image_even_over_a_bad_one():
    odd: tuple[object, ...] = ("!!", 5, [], {}, True)
    for bad in odd:
        assert ask(json_body(url="HTTPS://x/y.gif", image=bad)).code == 0
    with_url = multipart_body(GIF, url="http://x/y.jpg")
    assert ask(with_url, content_type=MULTIPART_TYPE).code == 0


@pytest.mark.parametrize("settings", [{}, {"pictures": "any"}])
def test_a_gif_is_minus_4011_whatever_its_name_and_the_settings(settings):
    server = emulator(**settings)
    why = refused_with(ask(multipart_body(GIF), content_type=MULTIPART_TYPE, of=server), codes.PHOTO_UNDECODABLE)
    assert "GIF" in why
    refused_with(ask(json_body(url=LEFT_OUT, image=base64.b64encode(GIF).decode()), of=server), codes.PHOTO_UNDECODABLE)


@pytest.mark.parametrize("image", [b"%PDF-1.7 and so on", b"\0", b"xxxxxxxxxxxx", base64.b64encode(b"no picture")])
def test_bytes_of_no_picture_are_minus_4011_unless_any_will_do(image):
    content = multipart_body(image)
    assert "--pictures any" in refused_with(ask(content, content_type=MULTIPART_TYPE), codes.PHOTO_UNDECODABLE)
    assert ask(content, content_type=MULTIPART_TYPE, of=emulator(pictures="any")).code == 0


def test_a_final_boundary_without_its_dashes_is_a_matter_of_final_boundary():
    content = multipart_body().removesuffix(b"--\r\n")
    assert ask(content, content_type=MULTIPART_TYPE).code == 0
    refused = ask(content, content_type=MULTIPART_TYPE, of=emulator(final_boundary="required"))
    assert (refused.code, refused.refused_by) == (3, "body_readable")
    assert refused.why is not None
    assert "its final boundary has no -- behind it" in refused.why
    assert ask(multipart_body(), content_type=MULTIPART_TYPE, of=emulator(final_boundary="required")).code == 0


def test_base64_that_breaks_off_is_minus_4011():
    text = base64.b64encode(JPEG * 9).decode()
    spoilt = text[:400] + "*" + text[400:]
    assert "'*'" in refused_with(ask(json_body(url=LEFT_OUT, image=spoilt)), codes.PHOTO_UNDECODABLE)


def test_the_session_id_comes_back_as_it_was_whatever_it_holds():
    for session_id in ("张三", '"quoted"\n', "\ud800", "x" * 60_000):
        assert fields_of(ask(json_body(session_id=session_id)))["data"]["session_id"] == session_id


def test_every_why_is_one_bounded_line_of_printable_ascii():
    odd = "\r\nX-Evil: 1\x1b[31m张" * 200
    for answer in (
        ask(json_body(url=odd)), ask(path="/" + odd), ask(method="G\r\nX"), ask(json_body(idcard_number=odd)),
        ask(content_type=odd.encode()), ask(authorization=sign(appid="1")), ask(authorization="\x1b[31m\xff"),
    ):  # fmt: skip
        assert answer.why is not None
        assert answer.why.isascii()
        assert answer.why.isprintable()
        assert len(answer.why) <= 400


def test_the_order_is_a_tuple_that_can_be_read():
    names = [check.name for check in checklist("verify")]
    assert names.index("body_readable") < names.index("appid_given") < names.index("signature_given")
    assert names.index("bucket_known") < names.index("identity_given")
    assert set(checks.SHAPE_CHECKS) < set(checks.VERIFY_CHECKS)


def test_a_code_that_a_check_answers_is_one_that_the_table_says_it_answers():
    def answered(**changes):
        call = raw(**changes)
        from mockface.request.call import hear

        for check in checklist("shape"):
            refused = check.test(
                hear(call, NOW, "", IDCARDCOMPARE.table),
                checks.Rules(paths=(IDCARDCOMPARE.path,), accounts={"x": TEST_ACCOUNT}),
            )
            if refused:
                return check.name, refused.code
        raise AssertionError("not refused")

    for changes in (
        {"method": "GET"}, {"path": "/"}, {"content_type": None}, {"authorization": ""}, {"authorization": "x"},
        {"authorization": sign(expires_at=0)}, {"authorization": sign(appid="1")}, {"authorization": sign(expires_at=1)},
        {"content": json_body(appid=1)}, {"content": json_body(url=1)}, {"content": json_body(url="")},
        {"content": json_body(url="x")}, {"content": json_body(idcard_name="")},
        {"content": multipart_body(GIF), "content_type": MULTIPART_TYPE},
    ):  # fmt: skip
        name, code = answered(**changes)
        assert name in code.raised_by
