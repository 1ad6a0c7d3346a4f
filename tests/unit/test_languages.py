"""What the server says in English it says in Chinese too, sentence by sentence."""

import base64
import re
from typing import Any

import pytest

from mockface import idcard
from mockface.control.added import AddedScenarios
from mockface.errors import BadScenario
from mockface.journal.verdict import near_misses, notes_on, verdict
from mockface.operations import OPERATIONS
from mockface.operations.idcardcompare.checklist import checklist
from mockface.reasons import chinese
from mockface.scenariofiles import reader
from mockface.scenariofiles.files import files_in
from mockface.scenariofiles.merged import Loaded, assemble
from mockface.scenarios import family
from mockface.scenarios.mint import Mint
from mockface.signature import hmac_sha1
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.signature.diagnosis import recovered
from mockface.signature.explain import claims_table, mistakes_in
from tests.making import (
    BOUNDARY,
    GIF,
    JPEG,
    LEFT_OUT,
    MULTIPART_TYPE,
    NOW,
    ask,
    emulator,
    json_body,
    multipart_body,
    part,
    raw,
    sign,
    sign_text,
)  # fmt: skip
from tests.unit.test_diagnosis import BAD
from tests.unit.test_reading import CASES

ACCOUNT = '{ appid: "1251111111", secret_id: AKIDteam, secret_key: team-key, buckets: [photos], state: %s }'


def team(state="active", **settings):
    return emulator(f"accounts: [{ACCOUNT % state}]", **settings)


def whys():
    """A why of every kind that a call can have, from the emulator itself."""
    strict = team(signature="verify")

    def of(**changes):
        return ask(of=strict, authorization=sign(**changes))

    text = f"a={TEST_ACCOUNT.appid}&k=AKID&e={NOW + 9}&t={NOW}"
    yield from (
        ask(authorization=value) for value in ("Bearer x", "abcde", "YWJj", base64.b64encode(b"a" * 60).decode())
    )
    yield from (
        ask(authorization=sign_text(one)) for one in ("a=1&k=2&e=x&t=3", "a=1&a=1", "a=1&k", "a=1", text + "&\x01=3")
    )
    yield ask(authorization=sign(expires_at=0))
    yield ask(authorization=sign(appid="1259999999"))
    yield ask(json_body(bucket="other"))
    yield ask(authorization=sign(expires_at=NOW - 5))
    single, once = emulator(), sign(expires_at=0, resource="/f")
    yield from (ask(of=single, authorization=once) for _ in range(2))
    yield from (of(secret_key="x"), of(secret_id="AKIDno"), of(secret_id="AKIDteam"), of(bucket="no"))
    yield ask(json_body(appid="1"), of=strict, authorization=sign(appid="1"))
    yield of(expires_at=NOW + 10**8)
    for state in ("arrears", "not_authorised", "auth_down"):
        yield ask(json_body(appid="1251111111"), of=team(state), authorization=sign(appid="1251111111"))
    yield from (ask(path="/x"), ask(method="GET"), ask(headers=[(b"host", b"x")], of=emulator(hosts=("y",))))
    yield from (ask(json_body(appid=3)), ask(json_body(appid=LEFT_OUT)), ask(json_body(idcard_name="")))
    yield from (ask(json_body(session_id=3)), ask(json_body(url=LEFT_OUT)), ask(json_body(url="ftp://x")))
    yield from (ask(json_body(url=LEFT_OUT, image=image)) for image in (
        "R0lGODlhAQABAAAA", "AAAAAAAA", "YQ==YQ==", "data:image/png,x", "A" * 5, *(f"/9j/{one}" for one in "-_%\\'\":.!"),
        "L zkvLzkv", base64.b64encode(JPEG.hex().encode()).decode(), JPEG.hex(), base64.b64encode(base64.b64encode(JPEG)).decode(),
    ))  # fmt: skip
    for spoiled in (
        JPEG.decode("utf-8", "replace"), JPEG.decode("latin-1"), "\ufeffx", "https://x", "b'x'", "\x89PNG\n"
    ):  # fmt: skip
        yield ask(
            multipart_body(spoiled.encode("latin-1" if spoiled[1:] == "PNG\n" else "utf-8")),
            content_type=MULTIPART_TYPE,
        )
    yield ask(multipart_body(GIF), content_type=MULTIPART_TYPE)
    for number in (
        family.number_for(5, 1, 803),
        family.number_for(6, 1, 1),
        "1",
        "44052419900307001A",
        "110110199909090908",
    ):
        yield ask(json_body(idcard_number=number))
    yield ask(json_body(idcard_name="李四"))
    living = "44052419900307001"
    yield ask(json_body(idcard_number=living + idcard.check_digit(living)), of=emulator(deny_real_ids=True))
    yield from (ask(authorization=""), ask(limit_bytes=9))
    bodies = (
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b"\xef\xbb\xbf{}",
        b"[" * 10**5,
        b'{"appid":"1","appid":"2"}',
        b'{"appid":NaN}',
        b'{"appid" "1"}',
        b'{"appid":"1" "b"}',
        b'{"appid":"1',
        b'{"appid":"\x01"}',
        b'{"a":"\\x"}',
        b'{"a":"\\u12"}',
        b'{"appid":"1",}',
        b"{} {}",
        b'{"a":}',
        b"{1:2}",
        b"[1,]",
    )
    yield from map(ask, bodies)
    begins = f"--{BOUNDARY}\r\n".encode()
    yield from (
        ask(body, content_type=MULTIPART_TYPE)
        for body in (
            b"x", begins, begins + part('name="appid"', b"1")[:20], begins[:-2] + b"?", begins + b"no header\r\n\r\n",
            begins + b"x: y\r\n\r\n", multipart_body(JPEG, part('name="appid"', b"2")),
            multipart_body(JPEG, part('name="session_id"', b"\xff")),
            multipart_body(JPEG, part('name="session_id"', b"x", "Content-Transfer-Encoding: base64")),
        )
    )  # fmt: skip
    yield from (ask(json_body(), content_type=kind) for kind in (None, b"text/plain", b"multipart/form-data"))
    yield ask(content_type=b"multipart/form-data; boundary=" + b"b" * 300)
    unclosed = multipart_body().removesuffix(b"--\r\n")
    yield ask(unclosed, content_type=MULTIPART_TYPE, of=emulator(final_boundary="required"))
    yield ask(b"\x1f\x8b", headers=[(b"content-encoding", b"gzip")])
    limited = team(state="active, rate_limit: 1/s")
    signed = sign(appid="1251111111")
    yield from (ask(json_body(appid="1251111111"), of=limited, authorization=signed) for _ in range(2))
    yield ask(json_body(idcard_number="440524198001010013"), of=emulator("default: { well_formed: { code: 15 } }"))


def test_the_evidence_of_another_operations_word_is_chinese_in_a_chinese_sentence():
    spoken = {word.evidence for one in OPERATIONS for word in one.words.values()}
    assert spoken
    assert not [told for told in spoken if not re.search("[\u4e00-\u9fff]", chinese(told))]


def test_a_list_within_a_chinese_sentence_is_joined_by_its_own_comma():
    why = ask(json_body(url=LEFT_OUT, image="YQ==")).why or ""
    assert "JPEG、PNG、BMP" in chinese(why)
    assert "JPEG, PNG, BMP" in why


def test_a_refusal_of_every_check_is_among_those_that_are_spoken():
    refusing = {answer.refused_by for answer in whys()}
    silent = {check.name for mode in ("shape", "verify") for check in checklist(mode)} - refusing
    assert not silent, f"add a call that they refuse to whys(): {silent}"


def sentences():
    found = [answer.why for answer in whys() if answer.why]
    for claims in (
        sign(expires_at=NOW * 1000), sign(signed_at=NOW + 900), sign(expires_at=60, signed_at=NOW),
        sign(appid="AKID"), sign(expires_at=NOW + 10**8), sign(expires_at=0),
    ):  # fmt: skip
        own = emulator()
        ask(of=own, authorization=claims)
        found += mistakes_in(own.recorder.journal.entries()[0].claims, NOW)
    for bad in BAD.values():
        found += recovered(bad[0]).mistakes
    found += recovered("").mistakes
    long_r = hmac_sha1.read(sign(nonce=12345678901))
    found += mistakes_in(long_r, NOW, verified=False, appid="1251111111")
    found.append(ask(json_body(idcard_number=family.number_for(11, 1, 250))).why)
    odd = emulator()
    odd.answer(raw(json_body(idcard_name="李四")))
    odd.answer(raw(json_body()))
    odd.answer(raw(json_body(session_id="null", image="x", idcard_name=3), headers=[
        (b"upgrade", b"h2c"), (b"proxy-connection", b"keep-alive")]))  # fmt: skip
    odd.answer(raw(json_body(appid=LEFT_OUT), query=f"appid={TEST_ACCOUNT.appid}".encode()))
    odd.answer(raw(multipart_body(), content_type=b"multipart/form-data"))
    odd.answer(raw(json_body(url=LEFT_OUT, image="/9j/ 4AA")))
    odd.answer(raw(json_body(url=LEFT_OUT, image="/9j/4AA")))
    odd.answer(raw(multipart_body(b"BM" + "\ufffd".encode() * 9), content_type=MULTIPART_TYPE))
    odd.answer(raw(multipart_body().removesuffix(b"--\r\n"), content_type=MULTIPART_TYPE))
    odd.answer(raw(multipart_body(b"", part('name="url"; filename="url"', b"http://x")), content_type=MULTIPART_TYPE))
    for entry in odd.recorder.journal.entries():
        found += notes_on(entry)
        found.append(verdict(entry, entry.ran, odd.rules, odd.scenarios)["answered_by"])
    found += near_misses("110110199908090909", odd.scenarios) + near_misses("110110199908090908", odd.scenarios)
    return sorted(set(found))


def english_left(chinese):
    """Words of the server's that are left in a Chinese sentence: three in a row are no value, key or name."""
    return re.search(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b", re.sub(r"mockface sign|--[a-z -]+", "", chinese or ""))


def must_be_chinese(sentences, told):
    pairs = list(zip(sentences, told, strict=True))
    missing = [one for one, chinese in pairs if not re.search("[一-鿿]", chinese or "") or english_left(chinese)]
    assert not missing, "\n".join(missing)
    assert not [chinese for chinese in told if re.search(r"\{\d?\}(?! is)|undefined|null$", chinese)]


def test_every_kind_of_sentence_has_its_chinese():
    every = sentences()
    assert len(every) > 60
    must_be_chinese(every, [*map(chinese, every)])


SAME = re.compile(
    r"<.*>|(json|multipart), .*|[^a-z]*|[A-Z, ]+|/\S+|POST|[a-z]=\S+( [a-z]=\S*)?|[\w.-]+(/[\w.+-]+)?|https?://\S*|[\w.:-]+,? ?\S*"
)
"""What came that is a value and no words: a path, a method, a key with its value."""


def values():
    """What came to each check, where its rule is from, and what the fields of a signature mean."""
    own, strict = emulator(), team(signature="verify")
    for server in (own, strict):
        server.answer(raw(json_body()))
        server.answer(raw(json_body(idcard_name="", url=LEFT_OUT)))
        server.answer(raw(json_body(appid=3, session_id=[], url=LEFT_OUT, image="x=")))
        server.answer(raw(multipart_body(JPEG), content_type=MULTIPART_TYPE))
        server.answer(raw(json_body(), content_type=None, authorization=""))
        server.answer(raw(json_body(), authorization=sign(expires_at=0, resource="/f")))
        server.answer(raw(json_body(), authorization=sign(secret_key="x")))
        for entry in server.recorder.journal.entries():
            for one_check in verdict(entry, entry.ran, server.rules, server.scenarios)["checks"]:
                yield from ((one_check[key], one_check[f"{key}_zh"]) for key in ("evidence", "came", "wanted", "title"))
    for field in claims_table(f"a=1&e={NOW + 90}&t={NOW - 7200}&z=1&e={10**14}", NOW):
        yield field["meaning"], field["meaning_zh"]


def test_what_is_said_of_a_check_and_of_a_field_of_a_signature_is_chinese():
    told = {english: in_chinese for english, in_chinese in values() if english and not SAME.fullmatch(english)}
    assert len(told) > 20
    must_be_chinese([*told], [*told.values()])


def test_the_name_of_a_person_is_hidden_in_both_languages():
    """A why of every kind, of a number that may be a real person's: nothing of it is told in either language."""
    living = "44052419900307001"
    number, name = living + idcard.check_digit(living), "诸葛孔明"
    every: tuple[dict[str, Any], ...] = (
        {"path": f"/{name}/{number}"}, {"method": number}, {"headers": [(b"host", f"{name}.{number}".encode())], "of": emulator(hosts=("y",))},
        {"headers": [(b"content-encoding", f"{number} {name}".encode())], "content_type": b"x"},
        {"content_type": f"text/{number}; {name}".encode()}, {"body": json_body(idcard_number=number, idcard_name=name, url=name)},
        {"body": json_body(idcard_number=number, idcard_name=name, bucket=f"{name}{number}")},
        {"authorization": sign(bucket=number)}, {"authorization": number},
        {"body": json_body(idcard_number=number, idcard_name=name), "authorization": sign_text(f"a={number}&k=2&e=x&t=3")},
    )  # fmt: skip
    for given in every:
        own = given.pop("of", None) or emulator()
        body = given.pop("body", json_body(idcard_number=number, idcard_name=name))
        answer = own.answer(raw(body, **given))
        entry = own.recorder.journal.entries()[0]
        told = f"{answer.why} {chinese(answer.why or '')} {verdict(entry, entry.ran, own.rules, own.scenarios)}"
        assert number not in told
        assert name not in told
        assert ascii(name)[1:-1] not in told


def mistakes_in_files(folder):
    """A mistake of every kind that a scenario file can have, with its place, as the health of a server tells them, in both languages."""
    loaded = Loaded(NOW)
    living = "44052419900307001"
    account = 'accounts: [{{ appid: "1", secret_id: {}, secret_key: s, state: {} }}]'
    real = f'scenarios:\n  "{living}{idcard.check_digit(living)}": {{ code: 3 }}'
    for at, text in enumerate((
        *(text for text, _, _ in CASES.values()), account.format("a", "active"), account.format("b", "arrears"),
        account.format("c", "active"), account.format("c", "active"), real,
        "scenarios: " + "[" * 70, "a: &a [*a]", "a: &a [1]\nb: [" + "*a," * 100_001 + "]",
    )):  # fmt: skip
        reader.read_text(loaded, f"{at}.yaml", text)
    (folder / "latin.yaml").write_bytes(b"\xe9")
    (folder / "none.yaml").symlink_to("nowhere")
    (folder / "empty").mkdir()
    paths = (folder, folder / "empty", folder / "gone", "/dev/null")
    diagnostics = [
        *assemble(loaded, Loaded())[1],
        *files_in(paths)[1],
        *reader.load([folder / "latin.yaml"]).diagnostics,
    ]
    return {str(one.told()): (one.place, one.told().zh) for one in diagnostics}


def test_every_mistake_in_a_file_has_its_chinese_behind_its_place(tmp_path):
    told = mistakes_in_files(tmp_path)
    assert len(told) > 80
    must_be_chinese([*told], [in_chinese for _, in_chinese in told.values()])
    assert all(in_chinese.startswith(place) for place, in_chinese in told.values())


def test_several_mistakes_of_a_scenario_are_told_in_one_sentence():
    own = emulator()
    with pytest.raises(BadScenario) as refused:
        AddedScenarios(own, own.scenarios.layers[0], Mint()).add({"code": 99, "status": 204})
    assert str(refused.value) == str(refused.value.told())
    assert refused.value.told().zh.startswith("没有错误码 99；")
    assert "；状态码为 204 的响应没有响应体" in refused.value.told().zh
