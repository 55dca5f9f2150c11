"""`stile backup`, `stile restore` and `stile retention`, from the first key to the site on a new machine."""

import io
import json
import tarfile
from pathlib import Path

import pyrage
import pytest
from pyrage import x25519
from typer.testing import CliRunner, Result

from stile.config import settings
from stile.entrypoints.cli import app

PASSPHRASE = {"STILE_BACKUP_PASSPHRASE": "a horse, a battery"}


def run(*words: str | Path, env: dict[str, str] | None = None) -> Result:
    settings.cache_clear()
    return CliRunner().invoke(app, [str(word) for word in words], env=env)


def said(*words: str | Path, env: dict[str, str] | None = None) -> str:
    done = run(*words, env=env)
    assert done.exit_code == 0, done.output
    return done.stdout


def refused(*words: str | Path, env: dict[str, str] | None = None) -> str:
    done = run(*words, env=env)
    assert done.exit_code == 1
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    said(
        *("init", "--operator", "O", "--centre", "C", "--data", folder),
        env={"STILE_ADMIN_PASSWORD": "correct horse battery"},
    )
    said("members", "add", "1001", "Eileen", "--card", "5500001", "--data", folder)
    return folder


@pytest.fixture
def key(tmp_path: Path) -> Path:
    said("backup", "new-key", tmp_path / "key.txt", "--no-passphrase")
    return tmp_path / "key.txt"


def public(key: Path) -> str:
    return key.read_text().splitlines()[0].removeprefix("# public key: ")


def test_from_the_first_key_to_a_new_machine(data: Path, key: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    lines = f'backup_folder = "{folder}"\nbackup_recipients = ["{public(key)}"]\n'
    (data / "stile.toml").write_text(lines)
    assert key.stat().st_mode & 0o777 == 0o600
    assert "No backup in" in said("backup", "list", "--data", data)
    assert "read back and compared" in said("backup", "--data", data)
    (listed,) = json.loads(said("backup", "list", "--data", data, "--json"))["backups"]
    new = tmp_path / "new"
    told = said("restore", listed["file"], "--key", key, "--data", new)
    assert "The audit log holds" in told
    assert "enrolled again" in told
    assert "1001" in said("members", "list", "--data", new)
    assert "--replace" in refused("restore", listed["file"], "--key", key, "--data", new)
    document = json.loads(said("restore", listed["file"], "--key", key, "--data", new, "--replace", "--json"))
    assert document["erased_again"] == 0
    assert document["audit_holds"] is True
    assert "backup_recipients" in (new / "settings-from-backup.json").read_text()


def test_a_key_with_a_passphrase(data: Path, tmp_path: Path) -> None:
    key, file = tmp_path / "key.age", tmp_path / "one.age"
    told = said("backup", "new-key", key, env=PASSPHRASE)
    recipient = told.split('"')[1]
    assert b"AGE-SECRET-KEY" not in key.read_bytes()
    said("backup", "--to", file, "--recipient", recipient, "--data", data)
    new = tmp_path / "new"
    assert "has a passphrase" in refused("restore", file, "--key", key, "--data", new)
    wrong = {"STILE_BACKUP_PASSPHRASE": "another battery"}
    assert "does not open" in refused("restore", file, "--key", key, "--data", new, env=wrong)
    assert "Restored" in said("restore", file, "--key", key, "--data", new, env=PASSPHRASE)


def test_what_is_in_the_way_is_one_line(data: Path, key: Path, tmp_path: Path) -> None:
    file, new = tmp_path / "one.age", tmp_path / "new"
    assert "backup_folder" in refused("backup", "--data", data)
    assert "new-key" in refused("backup", "--to", file, "--data", data)
    assert "no public key" in refused("backup", "--to", file, "--recipient", "age1x", "--data", data)
    assert "backup folder" in said("backup", "list", "--data", data)
    said("backup", "--to", file, "--recipient", public(key), "--data", data)
    assert "there already" in refused("backup", "--to", file, "--recipient", public(key), "--data", data)
    assert "There is no backup" in refused("restore", tmp_path / "none", "--key", key, "--data", new)
    assert "cannot be read" in refused("restore", file, "--key", tmp_path / "none", "--data", new)
    assert "no private key" in refused(
        "restore", file, "--key", file.with_name("erasures.log"), "--data", new
    )
    assert "There is no journal" in refused(
        "restore", file, "--key", key, "--journal", tmp_path / "none", "--data", new
    )
    assert "there already" in refused("backup", "new-key", key, "--no-passphrase")
    short = {"STILE_BACKUP_PASSPHRASE": "short"}
    assert "12 characters" in refused("backup", "new-key", tmp_path / "k", env=short)
    assert "--no-passphrase" in refused("backup", "new-key", tmp_path / "k")


def test_the_keys_go_into_a_file_of_its_own_and_back(data: Path, key: Path, tmp_path: Path) -> None:
    said("audit", "checkpoint", "--data", data)
    file = tmp_path / "keys.age"
    told = said("backup", "site-key", file, "--recipient", public(key), "--data", data)
    assert "site.key and audit.key" in told
    identity = x25519.Identity.from_str(key.read_text().splitlines()[1])
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(file.read_bytes(), [identity]))) as archive:
        packed = {entry.name: (entry.mode, archive.extractfile(entry)) for entry in archive.getmembers()}
        assert set(packed) == {"site.key", "audit.key"}
        for name, (mode, content) in packed.items():
            assert mode == 0o600
            assert content is not None
            assert content.read() == (data / name).read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert "there already" in refused("backup", "site-key", file, "--recipient", public(key), "--data", data)


def test_retention_is_previewed_changed_and_applied(data: Path) -> None:
    table = said("retention", "preview", "--data", data)
    assert "passages" in table
    assert "have not been applied yet" in table
    assert said("retention", "change", "passages", "60", "--data", data).startswith("passages: 60 days")
    assert "31 to 730 days, not 5" in refused("retention", "change", "passages", "5", "--data", data)
    assert "no retention rule" in refused("retention", "change", "everything", "5", "--data", data)
    assert said("retention", "run", "--data", data).strip() == "Nothing was over."
    document = json.loads(said("retention", "preview", "--data", data, "--json"))
    (passages,) = [rule for rule in document["rules"] if rule["rule"] == "passages"]
    assert (passages["days"], passages["now"]) == (60, 0)
    assert document["last_run"] is not None
    assert json.loads(said("retention", "run", "--data", data, "--json"))["gone"]["passages"] == 0
