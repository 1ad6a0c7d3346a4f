"""Everything that leaves the process is searched for what must not: whatever a client sent, wherever it put it."""

import base64
import hashlib
import json
import os
import signal
import time
import urllib.error
import urllib.request
from functools import partial

import pytest

from mockface.web import console
from tests.conftest import start
from tests.making import BOUNDARY, JPEG, LEFT_OUT, MULTIPART_TYPE, closed, json_body, part, sign_now
from tests.marks import found_in, spellings
from tests.protocol.wire import Wire, request

PERSON = {"idcard_number": "310104198807215532", "idcard_name": "欧阳婉清司马靖远"}
OTHER = "440524199003070013"
FILED = "320311197701010015"
PICTURE = bytes(range(161, 200)) + b"pIcTuReBytesOfAFace" + bytes(range(200, 250))


def mark(word):
    """A text of this word's own, 24 letters long, of which every piece is known again."""
    return base64.b32encode(hashlib.sha256(word.encode()).digest()).decode()[:24]


WORDS = {
    word: mark(word)
    for word in (
        "cookie", "apikey", "proxyauth", "forwarded", "query", "unknown", "nested", "session", "urlquery", "filename",
        "partname", "partheader", "preamble", "brokenjson", "brokenform", "badhttp", "badheader", "badurl", "wrongtype",
        "token", "bucket2", "userinfo", "fragment", "trailer", "chunkext", "chunkbody", "headless",
        "listname", "apierror", "chunksize",
    )
}  # fmt: skip
SECRET_KEY = "kZ7uFw3bQyLm9TxRc5NdVg2HjSp8EaUo"
SECRET_ID = "AKIDq8Wn3Lr6Yt1Zp5Xc9Vb2Mf7Gh4Jk"

FILE = f"""
scenarios:
  "{FILED}": {{ name: {PERSON["idcard_name"]}, similarity: 90 }}
accounts:
  - {{ appid: "1251111111", secret_id: AKIDteam, secret_key: {SECRET_KEY}, buckets: [photos] }}
"""
BROKEN_FILE = f"""
scenarios:
  "{FILED}": {{ name: {PERSON["idcard_name"]}, similarty: 90 }}
  "{OTHER}": {{ nmae: {PERSON["idcard_name"]} }}
  "{OTHER}1": {{ code: 15 }}
accounts:
  - {{ appid: "1251111111", secret_id: AKIDteam, secret_key: {SECRET_KEY}, bukets: [photos] }}
  - {{ appid: "1251111112", secret_id: AKIDteam2, secret_key: [ {SECRET_KEY} ] }}
  - {{ appid: "1251111112", secret_id: AKIDteam2, secretkey: {SECRET_KEY} }}
"""

W = WORDS


def form(*parts, end=True):
    return closed(*parts) if end else b"".join(parts)


def fields_of_the_person():
    given = {"appid": "1250000000", **PERSON}
    return [part(f'name="{name}"', value.encode()) for name, value in given.items()]


def calls():
    """Requests with marked secrets everywhere that a client can put them."""
    multipart = partial(request, content_type=MULTIPART_TYPE)
    image = part('name="image"; filename="' + W["filename"] + '.jpg"', JPEG + PICTURE, f"X-Part: {W['partheader']}")
    of_the_person = json_body(**PERSON)
    yield request(of_the_person)
    heads = {
        "Cookie": W["cookie"], "X-Api-Key": W["apikey"], "Proxy-Authorization": f"Basic {W['proxyauth']}",
        "Forwarded": f"for={W['forwarded']}", "User-Agent": f"of {PERSON['idcard_number']}",
        "Referer": f"http://x/?{W['query']}", OTHER: OTHER,
    }  # fmt: skip
    more = "".join(f"{name}: {value}\r\n" for name, value in heads.items()).encode()
    yield request(of_the_person, more=more)
    yield request(of_the_person, more=more, start_line=f"POST /face/idcardcompare?appid=1&token={W['query']} HTTP/1.1")
    yield request(of_the_person, start_line=f"POST /face/{OTHER}?token={W['query']} HTTP/1.1")
    yield request(of_the_person, start_line=f"DELETE /face/idcardcompare?id={OTHER} HTTP/1.1")
    yield request(b"", start_line=f"GET /face/idcardcompare?idcard_number={OTHER}&t={W['query']} HTTP/1.1")
    yield request(of_the_person, host=f"{OTHER}.example.com")
    yield request(of_the_person, start_line=f"POST http://u:{W['userinfo']}@h/face/idcardcompare?{W['query']} HTTP/1.1")
    yield request(of_the_person, content_type=f"text/plain; name=x; of={OTHER}".encode())
    yield request(json_body(**PERSON, password=W["unknown"], more={"deep": [{"k": W["nested"]}], W["nested"]: 1}))
    yield request(json_body(**PERSON, session_id=W["session"]))
    for scheme in ("http", "ftp", W["badurl"]):
        yield request(
            json_body(**PERSON, url=f"{scheme}://u:{W['userinfo']}@h/{OTHER}?token={W['urlquery']}#{W['fragment']}")
        )
    yield request(json_body(**PERSON, url=f"{W['badurl']}"))
    yield request(json_body(**PERSON, url=LEFT_OUT, image=base64.b64encode(JPEG + PICTURE).decode()))
    yield request(json_body(**PERSON, url=LEFT_OUT, image=base64.b64encode(PICTURE).decode()))
    yield request(json_body(**PERSON, url=LEFT_OUT, image=f"data:image/png;{W['filename']};base64,{W['brokenjson']}!"))
    yield request(json_body(**PERSON, bucket=W["bucket2"], appid=["1", W["wrongtype"]]))
    yield request(json_body(idcard_number={"n": PERSON["idcard_number"]}, idcard_name=[PERSON["idcard_name"]]))
    yield request(json_body(idcard_number=int(OTHER), idcard_name=PERSON["idcard_name"]))
    yield request(json_body(appid=OTHER, idcard_name=OTHER, idcard_number=PERSON["idcard_name"]))
    yield multipart(form(*fields_of_the_person(), image))
    yield multipart(form(*fields_of_the_person(), part('name="image"', PICTURE)))
    yield multipart(form(*fields_of_the_person(), image, part(f'name="{W["partname"]}"', W["unknown"].encode())))
    yield multipart(form(*fields_of_the_person(), part(f'name="image[{W["listname"]}]"', PICTURE)))
    yield multipart(W["preamble"].encode() + b"\r\n" + form(*fields_of_the_person(), image))
    yield multipart(form(*fields_of_the_person(), image, end=False))
    yield multipart(
        form(*fields_of_the_person(), image).replace(b"\r\n\r\n", f"\r\n{W['headless']}\r\n\r\n".encode(), 1)
    )
    yield multipart(
        form(*fields_of_the_person(), image).replace(
            BOUNDARY.encode() + b"\r\n", BOUNDARY.encode() + W["brokenform"].encode() + b"\r\n", 2
        )
    )
    yield multipart(W["brokenform"].encode() + PICTURE)
    for at in (20, 60, 100, len(of_the_person) - 1):
        broken = json_body(**PERSON, password=W["brokenjson"])
        yield request(broken[:at])
        yield request(broken[:at] + W["brokenjson"].encode() + b"\xff" + PERSON["idcard_name"].encode())
    yield request(f'{{"{W["brokenjson"]}" {W["brokenjson"]}'.encode())
    yield request(f"{W['brokenjson']}".encode())
    yield request(PERSON["idcard_name"].encode("gbk") + W["brokenjson"].encode())
    for bad in (
        W["token"], f"Bearer {W['token']}", base64.b64encode(W["token"].encode() * 3).decode(), f"q-sign={W['token']}",
        base64.b64encode(b"x" * 20 + f"a=1&k={SECRET_ID}&x={W['token']}".encode()).decode(),
        sign_now(secret_id=SECRET_ID), sign_now(secret_id=SECRET_ID, expires_at=1), sign_now(bucket=OTHER),
        sign_now(appid="1251111111", secret_id="AKIDteam", secret_key=SECRET_KEY, bucket="photos"), SECRET_KEY,
    ):  # fmt: skip
        yield request(of_the_person, authorization=bad)
    yield request(of_the_person, authorization="", more=f"Authorization: {W['token']}\r\nAuthorization: x\r\n".encode())


def nonsense():
    """Bytes that are no HTTP, or hardly, with marked secrets in them."""
    yield f"{W['badhttp']} {OTHER} {PERSON['idcard_name']}\r\n\r\n".encode()
    yield f"POST {OTHER} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    yield f"POST / HTTP/1.1\r\nHost: x\r\n{W['badheader']}\x01{OTHER}: 1\r\n\r\n".encode()
    yield f"POST / HTTP/1.1\r\nHost: x\r\nX: {W['badheader']}\x00\x01{OTHER}\r\n\r\n".encode()
    yield f"POST / HTTP/9.{W['badhttp']}\r\n\r\n".encode()
    yield f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {W['badheader']}\r\n\r\n".encode()
    yield f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {OTHER}\r\n\r\n".encode()
    yield f"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {W['badheader']}\r\n\r\n".encode()
    yield f"CONNECT {OTHER}.example.com:443 HTTP/1.1\r\nHost: {OTHER}\r\nProxy-Authorization: {W['proxyauth']}\r\n\r\n".encode()
    chunked = request(b"", length=None, more=b"Transfer-Encoding: chunked\r\n")
    yield chunked + f"{W['chunksize']}\r\n".encode()
    body = json_body(**PERSON, password=W["chunkbody"])
    chunk = f"{len(body):x};{W['chunkext']}={OTHER}\r\n".encode() + body + b"\r\n"
    yield chunked + chunk + f"0\r\nX-Trailer: {W['trailer']}\r\n\r\n".encode()
    yield chunked + chunk + f"{W['trailer']}\r\n\r\n".encode()
    yield request(json_body(**PERSON))[:-5]


def asked(url, method="GET", body=None, headers=None):
    """What a route of the API answers, head and all; of the stream of events what came in a moment."""
    sent = urllib.request.Request(
        url, data=body, method=method, headers={"Content-Type": "application/json", **(headers or {})}
    )
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sent, timeout=10) as answer:
            return str(answer.headers).encode() + answer.read()
    except urllib.error.HTTPError as fault:
        with fault:
            return str(fault.headers).encode() + fault.read()


def told_by_the_api(server):
    """Everything that can be read from the API and the console."""
    listed = asked(f"{server.url}/openapi.json")
    described = json.loads(listed[listed.index(b"{") :])
    calls = json.loads(asked(f"{server.url}/_mockface/calls?limit=1000").partition(b"\n\n")[2])
    values = {"call_id": [one["id"] for one in calls], "number": [FILED, OTHER, "110110199909090909"]}
    assert len(calls) > 50
    urls = ["/", "/docs", "/openapi.json", *(f"/_mockface/console/{name}" for name in console.files())]
    for path, verbs in described["paths"].items():
        if "get" not in verbs or path == "/_mockface/events":
            continue
        name = path.partition("{")[2].partition("}")[0]
        urls += [path.replace(f"{{{name}}}", value) for value in values[name]] if name else [path]
    assert "/_mockface/metrics" in urls
    urls += [f"/_mockface/coverage?format={form}" for form in ("text", "markdown")] + [
        "/_mockface/scenarios?limit=1000"
    ]
    told = {url: asked(server.url + url, headers={"Accept": "text/html"} if url == "/" else {}) for url in urls}
    for body in ({}, {"numbers": [PERSON["idcard_number"], OTHER]}):
        told[f"find {len(body)}"] = asked(f"{server.url}/_mockface/calls/find", "POST", json.dumps(body).encode())
    told["verify"] = asked(
        f"{server.url}/_mockface/calls/verify", "POST", json.dumps({"number": OTHER, "times": 99}).encode()
    )
    return told


def refused_by_the_api(server):
    """Errors of the API to requests that hold secrets."""
    word = W["apierror"]
    wrong = {
        "scenario": ("POST", "scenarios", {"number": OTHER, "similarty": 1, "name": PERSON["idcard_name"]}),
        "number": ("POST", "scenarios", {"number": OTHER + "1", "code": 15}),
        "remove": ("DELETE", f"scenarios/{PERSON['idcard_number']}", None),
        "call": ("GET", f"calls/{PERSON['idcard_number']}", None),
        "path": ("GET", PERSON["idcard_number"], None),
        "verify": ("POST", "calls/verify", {"number": [OTHER], "code": word, "within": OTHER, "of": OTHER}),
        "within": ("POST", "calls/verify", {"number": OTHER, "within": OTHER + "s"}),
        "clock": ("POST", "clock/advance", {"by": OTHER}),
        "reset": ("POST", "reset", {"numbers": OTHER, OTHER: 1}),
        "account": ("PUT", f"switches/accounts/{OTHER}", {"state": "active"}),
        "sign": ("POST", "sign", {"appid": OTHER}),
        "mode": ("PUT", "switches/signature", {"signature": OTHER}),
    }
    told = {
        name: asked(f"{server.url}/_mockface/{path}", verb, None if body is None else json.dumps(body).encode())
        for name, (verb, path, body) in wrong.items()
    }
    told["no json"] = asked(f"{server.url}/_mockface/scenarios", "POST", f'{{"number": "{OTHER}", {word}'.encode())
    told["origin"] = asked(f"{server.url}/_mockface/calls", headers={"Origin": f"http://{OTHER}.example.com"})
    told["host"] = asked(f"{server.url}/_mockface/calls", headers={"Host": f"{OTHER}.example.com"})
    told["file"] = asked(f"{server.url}/_mockface/console/{OTHER}.js")
    assert all(b"error" in answer for answer in told.values())
    return told


def own_heads(answer):
    """The X-Mockface-... headers of what came, and all of it where it repeats nothing by right."""
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if line.lower().startswith(b"x-mockface")]
    return b"\n".join(lines) + (b"" if W["session"].encode() in body else body)


def until(so):
    deadline = time.monotonic() + 20
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.long
@pytest.mark.parametrize(("log", "parser"), [("json", "httptools"), ("text", "h11")])
def test_no_marked_secret_is_in_anything_that_leaves_the_process(log, parser, tmp_path):
    file = tmp_path / "team.yaml"
    file.write_text(FILE, encoding="utf-8")
    server = start(
        "--scenarios", str(file), "--log-format", log, "--log-level", "debug", "--http", parser, "--signature", "shape"
    )
    told, tokens = {}, {}
    try:
        with Wire(server) as events:
            events.send(b"GET /_mockface/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            events.read_until(b": mockface")
            added = asked(
                f"{server.url}/_mockface/scenarios",
                "POST",
                json.dumps({"number": OTHER, "code": 15, "name": PERSON["idcard_name"]}).encode(),
            )
            assert OTHER.encode() in added  # its sender is told which number it is
            for index, content in enumerate([*calls(), *nonsense()]):
                with Wire(server) as wire:
                    wire.send(content)
                    wire.shut()
                    told[f"answer {index} to {content[:60]!r}"] = own_heads(wire.rest())
                for line in content.split(b"\r\n\r\n")[0].split(b"\r\n"):
                    if line.startswith(b"Authorization: ") and len(line) > 40:
                        tokens[f"token {index}"] = line.removeprefix(b"Authorization: ")[:28]
            told |= told_by_the_api(server)
            told |= {f"refused {name}": answer for name, answer in refused_by_the_api(server).items()}
            file.write_text(BROKEN_FILE, encoding="utf-8")
            until(lambda: any("last good set stays" in line for line in server.lines))
            told |= {f"{url}, broken": asked(server.url + url) for url in ("/_mockface/health", "/_mockface/scenarios")}
            os.kill(server.process.pid, signal.SIGTERM)
            told["the events"] = events.rest()
        server.process.wait(10)
    finally:
        server.process.kill()
        server.process.wait()
    told["the log"] = "\n".join(server.lines).encode()
    assert told["the events"].count(b"event: call") > 50
    assert len(tokens) > 20
    secrets = {**WORDS, **PERSON, **tokens, "other": OTHER, "filed": FILED, "picture": PICTURE,
               "key": SECRET_KEY, "secret id": SECRET_ID}  # fmt: skip
    # All of it at once, since it is much; where something is found, place by place.
    leaks = found_in(b"\n".join(told.values()), secrets)
    found = {where: found_in(text, {name: secrets[name] for name in leaks}) for where, text in told.items()}
    found = {where: which for where, which in found.items() if which}
    assert not found, "\n".join(
        f"{where}: {name}: {places}" for where, which in found.items() for name, places in which.items()
    )


def test_a_broken_scenario_file_is_named_at_the_start_without_its_keys_and_numbers(tmp_path):
    file = tmp_path / "team.yaml"
    file.write_text(BROKEN_FILE, encoding="utf-8")
    with pytest.raises(AssertionError) as ended:
        start("--scenarios", str(file))
    told = str(ended.value)
    assert f"{file}:3:" in told
    assert "bukets" in told
    assert not found_in(
        told.encode(), {"key": SECRET_KEY, "filed": FILED, "other": OTHER, "name": PERSON["idcard_name"]}
    )


@pytest.mark.parametrize("how", ["as it is", "base64", "percent", "escaped", "upper", "cut", "as latin-1"])
def test_the_search_finds_a_secret_in_every_spelling(how):
    secret = PERSON["idcard_name"] + W["token"]
    told = {
        "as it is": secret.encode(), "base64": base64.b64encode(b"ab" + secret.encode()),
        "percent": b"".join(b"%%%02X" % byte for byte in secret.encode()), "escaped": json.dumps(secret).encode(),
        "upper": W["token"].upper().encode(), "cut": secret[10:22].encode(),
        "as latin-1": secret.encode().decode("latin-1").encode(),
    }[how]  # fmt: skip
    assert found_in(b"before " + told + b" behind", {"secret": secret})
    assert not found_in(b"before and behind", {"secret": secret})
    assert len(set(spellings(b"piece of a secret"))) > 10
