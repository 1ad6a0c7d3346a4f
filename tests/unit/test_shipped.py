"""What the shipped files say is worked out beforehand, and is never stale."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mockface
from mockface.scenariofiles import reader, shipped, shippedtable
from mockface.scenariofiles.files import shipped_folder

MISTAKES = {
    "expected a mapping": "scenarios: [1]\n",
    "match a common number": 'scenarios: { "1101101999070100?0": { code: 4 }, "110110199907010?10": { code: 4 } }\n',
    "not contain accounts": 'accounts: [{ appid: "1", secret_id: a, secret_key: b }]\n',
}


@pytest.fixture
def copied(tmp_path):
    return Path(shutil.copytree(shipped_folder(), tmp_path / "scenarios"))


def test_the_table_is_that_of_the_files():
    written = Path(shippedtable.__file__).read_text(encoding="utf-8")
    assert written == shipped.table(shipped_folder()), "stale: run make generate"


def test_the_table_holds_what_reading_the_files_would():
    quick, read = shipped.shipped(), reader.load([shipped_folder()])
    assert shipped.digest(shipped_folder()) == shippedtable.DIGEST
    # repr tells origin and note too, which equality leaves out.
    assert repr(quick.scenarios) == repr(read.scenarios)
    assert repr(quick.defaults) == repr(read.defaults)
    assert read.accounts == quick.accounts == {}


def test_files_that_differ_from_the_table_are_read(copied):
    (copied / "codes.yaml").write_text('scenarios:\n  "110110199907010011": { similarity: 1 }\n', encoding="utf-8")
    found = shipped.shipped(copied)
    assert found.scenarios["110110199907010011"].steps[0].similarity == 1.0
    assert len(found.scenarios) > 1


def test_a_file_in_a_folder_below_counts_as_reading_it_would(copied):
    (copied / "more").mkdir()
    (copied / "more" / "own.yml").write_text('scenarios: { "110110199907010011": { similarity: 1 } }', encoding="utf-8")
    assert shipped.digest(copied) != shippedtable.DIGEST
    assert "110110199907010011" in shipped.shipped(copied).scenarios


def test_what_no_scenario_file_is_does_not_count(copied):
    (copied / ".draft.yaml").write_text("?", encoding="utf-8")
    (copied / "notes.txt").write_text("?", encoding="utf-8")
    assert shipped.digest(copied) == shippedtable.DIGEST


def test_a_folder_that_is_gone_is_complained_of(tmp_path):
    assert "there is no such file or folder" in str(shipped.shipped(tmp_path / "gone").diagnostics[0])


@pytest.mark.parametrize("mistake", MISTAKES)
def test_files_with_a_mistake_make_no_table(copied, mistake):
    (copied / "codes.yaml").write_text(MISTAKES[mistake], encoding="utf-8")
    with pytest.raises(ValueError, match=mistake):
        shipped.table(copied)


def test_a_table_that_no_longer_fits_the_code_is_written_anew(tmp_path):
    package = Path(shutil.copytree(Path(mockface.__file__).parent, tmp_path / "mockface"))
    shutil.copytree(shipped_folder(), tmp_path / "scenarios")
    whole = (package / "scenariofiles" / "shippedtable.py").read_text(encoding="utf-8")
    (package / "scenariofiles" / "shippedtable.py").write_text(
        whole.replace("codes.OK", "codes.GONE") + "GONE\n", encoding="utf-8"
    )
    subprocess.run([sys.executable, "-m", "mockface.scenariofiles.shipped"], cwd=tmp_path, check=True)
    assert (package / "scenariofiles" / "shippedtable.py").read_text(encoding="utf-8") == whole


@pytest.mark.long
def test_a_server_without_files_of_its_own_starts_without_what_reads_yaml():
    code = (
        "import sys; from mockface.settings import Settings; from mockface.web.app import App; App(Settings());"
        "print(sorted({'yaml', 'mockface.scenariofiles.reader', 'fastapi', 'mockface.journal.verdict'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
