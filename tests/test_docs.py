"""The documentation is held to the code, in both languages."""

import json
import re
import shlex
import subprocess
import unicodedata

import pytest
import yaml

from mockface import codes, settings
from mockface.cli.group import main
from mockface.operations.listing import PAGE_NUMBER
from mockface.scenariofiles import reader
from mockface.scenariofiles.merged import Loaded
from mockface.scenarios import family
from tests.commands import COMMANDS
from tests.conftest import HERE, program
from tests.making import ask, emulator, json_body, sign
from tools.generate import SET_BY_PEOPLE

TOP = HERE.parent
READMES = ("README.md", "README.zh-CN.md")
CODES = {"docs/codes.md": "meaning_en", "docs/codes.zh-CN.md": "meaning_zh"}
HELPS = {"docs/settings.md": "help", "docs/settings.zh-CN.md": "help_zh"}
both = pytest.mark.parametrize("name", READMES)
of_codes = pytest.mark.parametrize("name", CODES)
of_settings = pytest.mark.parametrize("name", HELPS)
FIRST_SCREEN = {
    "README.md": ("Who needs it:", "What it is not:", "make run"),
    "README.zh-CN.md": ("谁需要它：", "它不是什么：", "make run"),
}
TERMS = {"应答": "响应", "包体": "请求体", "通道": "泳道", "句柄": "对象", "说明文": "发送了", "故事": "剧本"}
"""Chinese words that this project does not use, with the one that it uses for the thing."""

PAGES = sorted(str(path.relative_to(TOP)) for at in (TOP, TOP / "docs") for path in at.glob("*.md"))


def readme(name):
    return (TOP / name).read_text(encoding="utf-8")


def blocks(name, language):
    return re.findall(rf"^```{language}\n(.*?)^```", readme(name), re.MULTILINE | re.DOTALL)


def mark(evidence):
    return "*" if evidence == "assumed" else ""


@of_codes
def test_the_table_of_codes_is_the_table_of_the_code(name):
    rows = [line for line in readme(name).splitlines() if re.match(r"\| -?\d+ \| \d{3}", line)]
    wanted = [
        f"| {code.number} | {code.status}{mark(code.status_evidence)} | `{code.message}`{mark(code.message_evidence)}"
        f" | {getattr(code, CODES[name])} | `{family.number_for_code(code) if code.number else PAGE_NUMBER}` |"
        for code in codes.TABLE
    ]
    assert rows == wanted, f"put into {name}: {[line for line in wanted if line not in rows]}"


@of_codes
def test_each_number_of_the_table_answers_with_its_message_or_a_note_says_otherwise(name):
    own = emulator()
    for code in codes.TABLE:
        number = family.number_for_code(code) if code.number else PAGE_NUMBER
        message = json.loads(ask(json_body(idcard_number=number), of=own).body)["message"]
        noted = re.search(rf"`{number}`[^|`]*`{re.escape(message)}`", readme(name).replace("\n", " "))
        assert message == code.message or noted


def test_every_count_of_the_codes_is_that_of_the_table():
    told = {(name, count) for name in PAGES for count in re.findall(r"(\d+) (?:codes\b|个错误码)", readme(name))}
    assert {name for name, _ in told} >= {*READMES, *CODES}
    wrong = {one for one in told if one[1] != str(len(codes.TABLE) - 1)}
    assert not wrong, f"make generate writes the count, but for CHANGELOG.md, where an older line is said anew: {wrong}"


UNPUBLISHED = re.compile(
    r"(?:pip install|pipx (?:run|install)|uvx|uv (?:tool (?:install|run)|add)|poetry add|npx|npm install)(?: -\S+)* ['\"]?mockface(?![\w/]).*"
    r"|docker (?:pull|run\b.*?) (?:ghcr\.io|docker\.io|quay\.io)/.*|docker pull mockface.*"
    r"|uses: [\w-]+/mockface\b.*|image: (?:ghcr\.io|docker\.io|quay\.io)/.*"
)
"""What takes mockface from where it is not published: an index, a registry of images, the place of actions."""
AFTERWARDS = {"docs/README.md": "## Once a release is published\n", "docs/README.zh-CN.md": "## 发布之后\n"}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_takes_mockface_from_where_it_is_not_published_but_under_the_heading_that_says_so(name):
    """Until the first release, every way begins with a clone; from an index the name would bring a stranger's package."""
    today, _, _ = readme(name).partition(AFTERWARDS.get(name, "\0"))
    assert not UNPUBLISHED.findall(today)


@pytest.mark.parametrize("name", AFTERWARDS)
def test_the_ways_of_a_release_stand_last_on_the_first_page_of_the_documentation(name):
    assert len(UNPUBLISHED.findall(readme(name))) == 3
    assert "\n## " not in readme(name).partition(AFTERWARDS[name])[2]


@pytest.mark.parametrize(
    "line",
    ["pip install mockface", "python -m pip install -q 'mockface[tls]'", "pipx run mockface --port 1", "uvx mockface", "docker pull mockface",
     "docker run -p 1:1 ghcr.io/one/mockface:1", "- uses: one/mockface@v1", "image: ghcr.io/one/mockface"],
)  # fmt: skip
def test_each_way_to_take_what_is_not_published_is_seen(line):
    assert UNPUBLISHED.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "pip install ../mockface pytest",
        "pipx install .",
        "docker run --rm mockface",
        "docker build -t mockface .",
        "image: mockface",
    ],
)
def test_a_way_by_the_clone_is_none_of_them(line):
    assert not UNPUBLISHED.search(line)


@pytest.mark.parametrize("name", AFTERWARDS)
def test_the_documentation_says_how_to_install_from_the_clone_and_how_the_command_is_found_after_make_run(name):
    activate, install = blocks(name, "sh")
    assert activate == ". .venv/bin/activate\n"
    assert "BIN := .venv/bin\n" in (TOP / "Makefile").read_text(encoding="utf-8")
    assert all(line.endswith(" .") for line in install.splitlines())


def width(line):
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line)


@both
def test_the_readme_fits_three_screens(name):
    lines = readme(name).splitlines()
    assert len(lines) <= 120
    prose = re.sub(r"^```.*?^```", "", readme(name), flags=re.MULTILINE | re.DOTALL).splitlines()
    assert [line for line in prose if width(line) > 110 and not line.startswith(("|", "!["))] == []


@both
def test_the_first_screen_says_who_needs_it_what_it_is_not_and_how_it_starts(name):
    first = "\n".join(readme(name).splitlines()[:40])
    who, is_not, start = (first.index(one) for one in FIRST_SCREEN[name])
    assert who < is_not < start


@both
def test_both_readmes_show_the_same_blocks_and_lead_to_the_three_pages(name):
    other = {"README.md": "README.zh-CN.md", "README.zh-CN.md": "README.md"}[name]
    every = r"^```\w+\n.*?^```"
    assert re.findall(every, readme(name), re.MULTILINE | re.DOTALL) == re.findall(
        every, readme(other), re.MULTILINE | re.DOTALL
    )
    for page in ("for-python-testers", "for-frontend", "for-ci"):
        assert f"](docs/{name.replace('README', page)})" in readme(name)
        assert f"]({name.replace('README', page)})" in readme(f"docs/{name}")


@pytest.mark.parametrize(
    "name", [*READMES, "CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md", "SECURITY.md", "SECURITY.zh-CN.md"]
)
def test_every_link_of_a_page_at_the_top_leads_somewhere(name):
    for target in re.findall(r"\]\(([^)]+)\)", readme(name)):
        path, _, anchor = target.partition("#")
        assert (TOP / path).is_file(), target
        headings = (
            re.findall(r"^#+ (.+)$", readme(path or name), re.MULTILINE) if path.endswith(".md") or not path else []
        )
        anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in anchors, target


@pytest.mark.parametrize("name", AFTERWARDS)
def test_the_first_page_of_the_documentation_leads_to_every_other(name):
    pages = {path.name for path in (TOP / "docs").glob("*.md") if (".zh-CN" in path.name) == (".zh-CN" in name)}
    assert pages - {name.removeprefix("docs/")} <= set(re.findall(r"\]\(([\w.-]+\.md)", readme(name)))


@of_settings
def test_the_tables_of_settings_are_those_of_the_code(name):
    sections = re.split("^## ", readme(name), flags=re.MULTILINE)[1:3]
    often, rest = ([line for line in one.splitlines() if line.startswith("| `--")] for one in sections)
    rows = {row.name: row for row in settings.TABLE}
    wanted = {
        row.name: f"| `{settings.flag(row.name)}` | "
        f"{'' if row.default is False or row.default in ((), '') else f'`{row.default}`'} | {row.metadata[HELPS[name]]} |"
        for row in settings.TABLE
    }
    assert often == [wanted[one] for one in rows if one in SET_BY_PEOPLE], "run make generate"
    assert rest == [wanted[one] for one in rows if one not in SET_BY_PEOPLE], "run make generate"
    assert len(often) == 10


@both
def test_the_curl_line_of_the_first_screen_gives_what_stands_below_it(name, server):
    line = next(block for block in blocks(name, "sh") if block.startswith("curl"))
    assert readme(name).splitlines().index(line.splitlines()[0]) < 50
    line = line.replace("http://127.0.0.1:8641", server.url).replace(
        "curl ", f"{program('curl')} -sS --noproxy '*' ", 1
    )
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=True, timeout=10)
    assert done.stdout.decode() + "\n" == blocks(name, "json")[0]


@pytest.mark.parametrize("name", [*READMES, "docs/successor.md", "docs/successor.zh-CN.md"])
def test_the_curl_line_of_the_successor_gives_what_stands_below_it(name, server):
    block = next(block for block in blocks(name, "sh") if "X-TC-Action" in block)
    line = re.sub(r"^mockface .*\n", "", block, flags=re.MULTILINE).replace("http://127.0.0.1:8641", server.url)
    line = line.replace("curl ", f"{program('curl')} -sS --noproxy '*' ", 1)
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=True, timeout=10)
    expected = next(block for block in blocks(name, "json") if '{"Response":' in block)

    def without_id(text):
        return re.sub(r'"RequestId":"[0-9a-f-]{36}"', "", text)

    assert without_id(done.stdout.decode() + "\n") == without_id(expected)
    if name in READMES:
        assert readme(name).splitlines().index(block.splitlines()[0]) < 65


@pytest.mark.parametrize("name", ["docs/scenarios.md", "docs/scenarios.zh-CN.md"])
def test_the_sample_scenarios_have_no_mistake_and_do_what_their_comments_say(name):
    sample = blocks(name, "yaml")[0]
    loaded = Loaded()
    reader.read_text(loaded, "team.yaml", sample)
    assert loaded.diagnostics == []
    own = emulator(sample)

    def code(number, person="张三"):
        return ask(json_body(idcard_number=number, idcard_name=person), of=own).code

    assert (code("110110199907010018"), code("110110199907010018", "李四")) == (0, codes.NAME_MISMATCH.number)
    assert code("110110199907140020") == codes.PHOTO_NO_FACE.number
    assert json.loads(ask(json_body(idcard_number="110110199907141420"), of=own).body)["data"]["similarity"] == 42.0


@pytest.mark.parametrize("name", ["docs/scenarios.md", "docs/scenarios.zh-CN.md"])
def test_the_sample_mistake_is_printed_as_the_program_prints_it(name):
    sample = next(block for block in blocks(name, "text") if block.startswith("team.yaml"))
    text = '# 1\n# 2\nscenarios:\n  "110110199907010026": { name: 张三, similarty: 100 }\n'
    loaded = Loaded()
    reader.read_text(loaded, "team.yaml", text)
    assert str(loaded.diagnostics[0]) + "\n" == sample


@pytest.mark.parametrize("name", ["docs/troubleshooting.md", "docs/troubleshooting.zh-CN.md"])
def test_the_sample_why_is_what_an_expired_signature_gets(name):
    sample = next(block for block in blocks(name, "text") if block.startswith("HTTP/1.1 401"))
    head, body = sample.strip().split("\n\n")
    answer = ask(authorization=sign(expires_at=1_700_000_000))
    shape = re.sub(r"\d+", "N", head.splitlines()[1])
    assert shape == re.sub(r"\d+", "N", f"X-Mockface-Why: {answer.why}")
    assert answer.body.decode() == body


@pytest.mark.parametrize("name", [*READMES, *HELPS])
def test_every_command_and_flag_that_is_named_exists(name):
    named = {shlex.split(command, posix=False)[0] for command in re.findall(r"`mockface ([a-z][^`]*)`", readme(name))}
    assert named <= set(COMMANDS)
    known = {option for command in COMMANDS.values() for given in command.params for option in given.opts}
    assert set(re.findall(r"--[a-z][a-z0-9-]+", readme(name))) <= known | {"--help"}


@of_settings
def test_the_table_of_commands_has_every_command(name):
    rows = dict(re.findall(r"^\| `mockface (\w+)` \| (.+) \|$", readme(name), re.MULTILINE))
    assert set(rows) == set(COMMANDS)
    if name == "docs/settings.md":
        for command, text in rows.items():
            assert text == COMMANDS[command].get_short_help_str(200).rstrip(".")


@both
def test_make_run_is_on_the_first_screen_and_ci_calls_what_the_readme_names(name):
    assert "make run" in readme(name).splitlines()[:40]
    assert "`make test`" in readme(name)
    ci = (TOP / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"^make check$", ci, re.MULTILINE)
    assert re.search(r"^make test-all\b", ci, re.MULTILINE)


def test_the_constraints_name_no_host():
    for name in ("constraints.txt", "tests/clients/node/package-lock.json", "tests/browser/node/package-lock.json"):
        text = (TOP / name).read_text(encoding="utf-8")
        assert "://" not in re.sub(r'"url": "[^"]*"|"funding": \[[^\]]*\]', "", text)


def test_the_dockerfile_uses_commands_and_variables_that_exist():
    text = (TOP / "Dockerfile").read_text(encoding="utf-8")
    known = {settings.variable(row.name) for row in settings.TABLE}
    assert set(re.findall(r"MOCKFACE_[A-Z_]+", text)) <= known
    for command in re.findall(r"CMD (\[.*\])", text):
        words = [word for word in yaml.safe_load(command) if word != "mockface"]
        assert words[0] in main.commands


@pytest.mark.thorough
def test_chinese_has_one_word_for_each_thing():
    spoken = [*TOP.rglob("*.zh-CN.md"), *(TOP / "mockface").rglob("*.py"), *(TOP / "mockface").rglob("*.js")]
    found = {
        f"{path.relative_to(TOP)}: {word}, say {better}"
        for path in spoken
        if not {"node_modules", ".venv"} & set(path.parts)
        for word, better in TERMS.items()
        if word in path.read_text(encoding="utf-8")
    }
    assert not found


def test_every_action_is_pinned_by_its_hash_and_says_its_version():
    used = [
        line.strip()
        for file in (TOP / ".github" / "workflows").glob("*.yml")
        for line in file.read_text(encoding="utf-8").splitlines()
        if "uses:" in line
    ]
    assert len(used) > 5
    for line in used:
        assert re.search(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line
