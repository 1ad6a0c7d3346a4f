"""A page of another origin calls the operation from a real browser, preflight and all."""

import html
import json
import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mockface.signature.accounts import TEST_ACCOUNT
from tests.making import json_body, sign_now

pytestmark = pytest.mark.thorough

PAGE = """<!doctype html><meta charset="utf-8"><pre id="told">nothing yet</pre><script>
const show = (told) => { document.getElementById('told').textContent = JSON.stringify(told); };
fetch(%s, {method: 'POST', headers: %s, body: %s, credentials: 'include'})
  .then(async (r) => show({body: await r.json(), id: r.headers.get('X-Mockface-Request-Id'),
                           why: r.headers.get('X-Mockface-Why')}))
  .catch((fault) => show({fault: String(fault)}));
</script>"""


def shown(url, body, tmp_path):
    """What a page of another origin shows of its call."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed here; the same exchange is tested byte for byte in test_cors.py")
    headers = {"Content-Type": "application/json", "Authorization": sign_now()}
    page = (PAGE % (json.dumps(url), json.dumps(headers), json.dumps(body.decode()))).encode()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_):
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        done = subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
             f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=5000", "--dump-dom",
             f"http://127.0.0.1:{site.server_port}/"],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    finally:
        site.shutdown()
        site.server_close()
    found = re.search(r'<pre id="told">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stdout + done.stderr[-2000:]
    return json.loads(html.unescape(found[1]))


def test_a_page_reads_the_answer_and_the_reason(server, tmp_path):
    url = f"{server.url}/face/idcardcompare"
    told = shown(url, json_body(appid=TEST_ACCOUNT.appid, idcard_number="110110199905018032"), tmp_path)
    assert told["body"]["code"] == -5803
    assert told["id"]
    assert told["why"]


def test_a_page_gets_nothing_with_no_cors_and_nothing_from_the_admin_api(launch, server, tmp_path):
    closed = launch("--no-cors")
    assert "Failed to fetch" in shown(f"{closed.url}/face/idcardcompare", json_body(), tmp_path / "one")["fault"]
    admin = f"{server.url}/_mockface/scenarios"
    assert "Failed to fetch" in shown(admin, b'{"code": -5803}', tmp_path / "two")["fault"]
