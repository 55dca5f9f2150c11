"""Settings: one line a person can act on when they are wrong."""

from pathlib import Path

import pytest

from stile.config import Settings, settings
from stile.domain.errors import NotConfigured


@pytest.fixture(autouse=True)
def read_anew() -> None:
    settings.cache_clear()


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stile.toml").write_text('port = 9001\nprivacy_contact = "dpo@example.org"\n')
    monkeypatch.setenv("STILE_PORT", "9002")
    found = settings(tmp_path)
    assert (found.port, found.privacy_contact) == (9002, "dpo@example.org")


def test_a_file_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.toml").write_text("eyes = 3\n")
    monkeypatch.setenv("STILE_CONFIG", str(tmp_path / "other.toml"))
    assert settings(tmp_path).eyes == 3


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("port = 99999\n", "port"),
        ("colour = 'red'\n", "colour"),
        ("time_zone = 'Mars/Olympus'\n", "time_zone"),
        ("port = = 1\n", "cannot be read"),
    ],
    ids=["out of range", "unknown", "no such zone", "not TOML"],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "stile.toml").write_text(text)
    with pytest.raises(NotConfigured, match=word) as refused:
        settings(tmp_path)
    assert "\n" not in str(refused.value)


def test_the_site_key_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILE_SITE_KEY", "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=")
    assert "c2Vj" not in repr(settings(tmp_path))


def test_pages_are_secure_behind_tls_only(tmp_path: Path) -> None:
    assert not Settings(data=tmp_path).secure
    assert Settings(data=tmp_path, public_url="https://stile.example/").secure
    assert Settings(data=tmp_path, public_url="https://stile.example/").base_url == "https://stile.example"


def test_a_named_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILE_CONFIG", str(tmp_path / "nowhere.toml"))
    with pytest.raises(NotConfigured, match="does not exist"):
        settings(tmp_path)
