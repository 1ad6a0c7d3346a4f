"""The key pair for encrypted fields: made by the command, kept, loaded at start, refused in words."""

import base64
import stat
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

import mockface
from mockface.control.loading import build
from mockface.errors import CannotUseKeys, MockfaceError
from mockface.gateway.encryption import decrypt
from mockface.network import keys as keys_module
from mockface.network.keys import load_keys
from mockface.settings import Settings
from mockface.testing import Mockface
from tests import loop
from tests.conftest import CLEAN_ENVIRONMENT
from tests.encrypting import encrypted
from tests.test_cli import run
from tests.test_settings import serving

FIELDS = {"IdCard": "110110199909090909", "Name": "张三"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("keys") / "below" / "keys"
    done = run("keys", "init", str(made))
    assert (done.returncode, done.stderr) == (0, "")
    return made


def pem(key, form=PrivateFormat.PKCS8, how=None):
    return key.private_bytes(Encoding.PEM, form, how or NoEncryption())


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


# The command


def test_the_private_key_is_readable_by_its_owner_alone(folder):
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert modes == {"private-rsa.pem": 0o600, "public-rsa.pem": 0o644}
    assert load_keys(folder).private.key_size == 2048


def test_the_public_key_has_the_form_that_the_vendors_demos_read(folder):
    lines = (folder / "public-rsa.pem").read_bytes().splitlines()
    assert lines[0] == b"-----BEGIN RSA PUBLIC KEY-----"
    assert base64.b64decode(b"".join(lines[1:-1])) == load_keys(folder).private.public_key().public_bytes(
        Encoding.DER, PublicFormat.PKCS1
    )


def test_what_is_made_decrypts_what_was_encrypted_with_its_public_key(folder):
    fields = encrypted(FIELDS, FIELDS, (folder / "public-rsa.pem").read_bytes())
    assert decrypt(fields["Encryption"], fields, load_keys(folder), FIELDS) == FIELDS


@pytest.mark.thorough
def test_a_second_init_keeps_the_keys_and_says_so_and_both_say_what_to_do_next(tmp_path):
    keys = tmp_path / "my keys"
    first = run("keys", "init", str(keys))
    before = contents(keys)
    second = run("keys", "init", str(keys))
    assert first.returncode == second.returncode == 0
    assert contents(keys) == before
    for name in before:
        assert f"{keys / name}: new, RSA with 2048 bits; " in first.stdout
        assert f"{keys / name}: kept; " in second.stdout
    for done in (first, second):
        assert f"serve: mockface serve --keys '{keys}'\n" in done.stdout
        assert f"give {keys / 'public-rsa.pem'} to the client" in done.stdout
        assert base64.b64decode(done.stdout.splitlines()[-1]) == before["public-rsa.pem"]
        assert "PRIVATE" not in done.stdout


def test_a_public_key_that_is_missing_is_made_anew_of_the_private_one(folder, tmp_path):
    before = contents(folder)
    (tmp_path / "private-rsa.pem").write_bytes(before["private-rsa.pem"])
    done = run("keys", "init", str(tmp_path))
    assert "private-rsa.pem: kept;" in done.stdout
    assert "public-rsa.pem: new;" in done.stdout
    assert contents(tmp_path) == before


@pytest.mark.parametrize("below", ["", "below"])
def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path, below):
    file = tmp_path / "a file"
    file.write_text("x", encoding="ascii")
    done = run("keys", "init", str(file / below))
    assert done.returncode == 2
    assert done.stderr == f"mockface: {file / below} is not a folder; expected one, or a name that is free\n"


def test_a_folder_that_the_system_refuses_is_refused_with_what_it_says(tmp_path):
    done = run("keys", "init", str(tmp_path / ("k" * 300)))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(": File name too long\n")
    assert len(done.stderr.splitlines()) == 1


def test_a_public_key_without_its_private_one_is_refused_and_kept(folder, tmp_path):
    public = tmp_path / "public-rsa.pem"
    public.write_bytes((folder / "public-rsa.pem").read_bytes())
    before = contents(tmp_path)
    done = run("keys", "init", str(tmp_path))
    assert done.returncode == 2
    assert f"{public} is there without {tmp_path / 'private-rsa.pem'}; put it back" in done.stderr
    assert contents(tmp_path) == before


def test_without_the_library_the_command_says_what_to_install(tmp_path):
    code = "import sys; sys.modules['cryptography'] = None; from mockface.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "keys", "init", str(tmp_path)], env=CLEAN_ENVIRONMENT, capture_output=True,
        text=True, check=False, timeout=20,
    )  # fmt: skip
    assert done.returncode == 2
    assert "which the extra mockface[crypto] brings: 'python3 -m pip install cryptography' installs it" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


# Loading

OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
BAD = {
    "nothing": ({}, "there is no .*private-rsa.pem; 'mockface keys init DIR' makes a key pair"),
    "no PEM": ({"private-rsa.pem": b"x"}, "private-rsa.pem holds no key that can be read; expected PEM"),
    "empty": ({"private-rsa.pem": b""}, "holds no key that can be read"),
    "no RSA": ({"private-rsa.pem": pem(ec.generate_private_key(ec.SECP256R1()))}, "is no RSA key"),
    "a password": ({"private-rsa.pem": pem(OTHER, how=BestAvailableEncryption(b"x"))}, "encrypted with a password"),
    "the public one": (
        {"private-rsa.pem": OTHER.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1)}, "holds no key"
    ),
    "a broken public one": ({"private-rsa.pem": pem(OTHER), "public-rsa.pem": b"x"}, "public-rsa.pem holds no key"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_folder_that_gives_no_key_pair_is_refused_in_words(tmp_path, name):
    files, text = BAD[name]
    for file, content in files.items():
        (tmp_path / file).write_bytes(content)
    with pytest.raises(CannotUseKeys, match=text) as refused:
        load_keys(tmp_path)
    assert isinstance(refused.value, MockfaceError)
    assert "\n" not in str(refused.value)


def test_a_folder_that_is_none_is_refused_in_words(tmp_path, folder):
    for path in (tmp_path / "nowhere", folder / "private-rsa.pem"):
        with pytest.raises(CannotUseKeys, match=r"there is no .*private-rsa.pem; 'mockface keys init"):
            load_keys(path)
    (tmp_path / "private-rsa.pem").mkdir()
    with pytest.raises(CannotUseKeys, match=r"private-rsa\.pem: Is a directory"):
        load_keys(tmp_path)


def test_a_public_key_of_another_pair_is_refused(folder, tmp_path):
    (tmp_path / "private-rsa.pem").write_bytes(pem(OTHER))
    (tmp_path / "public-rsa.pem").write_bytes((folder / "public-rsa.pem").read_bytes())
    with pytest.raises(CannotUseKeys, match=r"public-rsa.pem is not the public key of .*private-rsa.pem; remove it"):
        load_keys(tmp_path)
    assert run("keys", "init", str(tmp_path)).returncode == 2


def test_a_key_of_a_size_that_would_hold_up_every_call_is_refused(folder, monkeypatch):
    monkeypatch.setattr(keys_module, "_MOST_BITS", 1536)
    with pytest.raises(CannotUseKeys, match="has 2048 bits; expected 1024 to 1536: 'mockface keys init DIR' makes"):
        load_keys(folder)


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_a_private_key_of_somebody_else_is_taken_in_either_form_without_its_public_one(tmp_path, form):
    (tmp_path / "private-rsa.pem").write_bytes(pem(OTHER, form))
    assert load_keys(tmp_path).private.private_numbers() == OTHER.private_numbers()


# The server


def test_the_checks_are_told_the_keys_of_the_setting_and_keep_them_over_a_reload(folder, tmp_path):
    assert build(Settings())[0].rules.keys is None
    emulator, loading, _ = build(Settings(keys=str(folder)))
    assert emulator.rules.keys is not None
    assert emulator.rules.keys.private.key_size == 2048
    keys = emulator.rules.keys
    loop.run(loading.reload(emulator))
    assert emulator.rules.keys is keys


def test_a_start_without_keys_does_not_load_the_library():
    code = (
        "import sys; from mockface.settings import Settings; from mockface.web.app import App; App(Settings()); "
        "print([name for name in sys.modules if name.startswith('cryptography') or name == 'mockface.network.keys'])"
    )
    told = subprocess.check_output([sys.executable, "-c", code], env=CLEAN_ENVIRONMENT, timeout=20)
    assert told.strip() == b"[]"


def test_a_server_starts_with_keys_by_flag_and_by_variable(folder):
    for flags, variables in ((("--keys", str(folder)), {}), ((), {"MOCKFACE_KEYS": str(folder)})):
        with serving("--port", "0", *flags, **variables) as served:
            pass
        assert served.process.returncode == 0


def test_a_server_with_a_folder_without_keys_says_so_in_one_line_and_exits_with_2(tmp_path):
    done = run("serve", "--port", "0", "--keys", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"mockface: --keys: there is no {tmp_path / 'private-rsa.pem'}; 'mockface keys init DIR' makes a key pair\n"
    )


def test_a_handle_and_an_app_take_keys_and_refuse_a_folder_without(folder, tmp_path):
    with Mockface(keys=folder) as m:
        assert m.url.startswith("http://")
    with pytest.raises(CannotUseKeys, match="there is no"):
        Mockface(keys=tmp_path).start()
    mockface.create_app(keys=folder)
    with pytest.raises(CannotUseKeys, match="there is no"):
        mockface.create_app(keys=str(tmp_path))
