"""Settings are read once; one that makes no sense refuses to start with a sentence that names it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flowapp.kernel.errors import BadSetting
from flowapp.kernel.settings import INSTANCE, Settings, read_settings


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("FLOWAPP_")]:
        monkeypatch.delenv(name)


def read(**given: object) -> Settings:
    """Read the settings without the developer's own `.env` file."""
    return read_settings(_env_file=None, **given)


def test_without_any_setting_everything_has_a_sensible_value() -> None:
    found = read()
    assert found.database_url == f"sqlite:///{INSTANCE / 'flowapp.sqlite3'}"
    assert found.instance_folder == INSTANCE
    assert found.zone.key == "Europe/London"
    assert (found.demo, found.testing, found.engine, found.fault) == (True, False, "local", "")


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("FLOWAPP_WEB_THREADS", "12", "web_threads", 12),
        ("FLOWAPP_LEASE_SECONDS", "0.5", "lease_seconds", 0.5),
        ("FLOWAPP_DEMO", "0", "demo", False),
        ("FLOWAPP_PAUSE_AFTER_FAILURES", "0", "pause_after_failures", 0),  # never
        ("FLOWAPP_TIMEZONE", "Europe/Dublin", "timezone", "Europe/Dublin"),
        ("flowapp_log_format", "json", "log_format", "json"),  # the case of the name does not matter
    ],
)
def test_the_surroundings_set_them(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, field: str, value: object
) -> None:
    monkeypatch.setenv(name, text)
    assert getattr(read(), field) == value


def test_what_is_given_by_hand_comes_before_the_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWAPP_WORKERS", "3")
    assert read(workers=7).workers == 7


def test_a_dot_env_file_is_read_and_the_surroundings_come_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / ".env"
    path.write_text("FLOWAPP_WORKERS=5\nFLOWAPP_WEB_THREADS=6\nPATH=/nowhere\n")
    monkeypatch.setenv("FLOWAPP_WEB_THREADS", "9")
    found = read_settings(_env_file=path)
    assert (found.workers, found.web_threads) == (5, 9)


BAD = [
    ("FLOWAPP_DATABASE_URL", "postgres://db/flow", "sqlite:/// or with postgresql://"),
    ("FLOWAPP_DATABASE_URL", "postgresql://db.example.org", "name a database"),
    ("FLOWAPP_DATABASE_URL", "postgresql://db.example.org/", "name a database"),
    ("FLOWAPP_DATABASE_URL", "postgresql://db:port/flow", "name a database"),
    ("FLOWAPP_TIMEZONE", "Mars/Base", "time zone"),
    ("FLOWAPP_TIMEZONE", "", "time zone"),
    ("FLOWAPP_TIMEZONE", "../../etc/passwd", "time zone"),
    ("FLOWAPP_TIMEZONE", "Europe", "time zone"),  # a folder of zones
    ("FLOWAPP_WEB_WORKERS", "0", "greater than or equal to 1"),
    ("FLOWAPP_WEB_WORKERS", "two", "integer"),
    ("FLOWAPP_WEB_THREADS", "-1", "greater than or equal to 1"),
    ("FLOWAPP_WEB_THREADS", "1000", "less than or equal to 256"),
    ("FLOWAPP_WORKERS", "1.5", "integer"),
    ("FLOWAPP_LOG_LEVEL", "LOUD", "DEBUG"),
    ("FLOWAPP_LOG_FORMAT", "xml", "json"),
    ("FLOWAPP_ENGINE", "celery", "not built yet"),
    ("FLOWAPP_ENGINE", "steam", "local"),
    ("FLOWAPP_DEMO", "perhaps", "boolean"),
    ("FLOWAPP_LEASE_SECONDS", "0", "greater than 0"),
    ("FLOWAPP_LEASE_SECONDS", "nan", "less than or equal to 3600"),
    ("FLOWAPP_LEASE_SECONDS", "inf", "less than or equal to 3600"),
    ("FLOWAPP_SMTP_URL", "mail.example.org", "smtp://"),
    ("FLOWAPP_TESTING", "2", "boolean"),
]


@pytest.mark.parametrize(("name", "text", "words"), BAD, ids=[f"{name}={text}" for name, text, _ in BAD])
def test_a_senseless_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, words: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(BadSetting) as raised:
        read()
    message = raised.value.message
    assert message.startswith(f"{name} is ")
    assert repr(text) in message
    assert words in message
    assert message.endswith(".")
    assert "\n" not in message
    assert "Input should be" not in message


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://db/flow",
        "postgresql:///flow",
        "postgresql://postgres:@/flow?host=/tmp/socket",
        "postgresql://flow:pass%40word@[::1]:5432/flow?sslmode=require",
    ],
)
def test_the_address_of_a_postgresql_is_taken_as_it_is(url: str, tmp_path: Path) -> None:
    found = read(database_url=url)
    assert found.database_url == url
    assert found.instance_folder == INSTANCE
    assert read(database_url=url, instance=str(tmp_path)).instance_folder == tmp_path


UNNOTICED = [
    ("FLOWAPP_DATABASE_URL", "sqlite:///"),  # no file: what is written cannot be read
    ("FLOWAPP_DATABASE_URL", "sqlite:///:memory:"),  # likewise
    ("FLOWAPP_BASE_URL", "banana"),
    ("FLOWAPP_MAIL_FROM", "nobody"),
    ("FLOWAPP_OUTBOUND_ALLOW", "not a port"),
    ("FLOWAPP_SMTP_URL", "smtp://"),
]


@pytest.mark.parametrize(("name", "text"), UNNOTICED, ids=[f"{name}={text}" for name, text in UNNOTICED])
def test_a_value_that_can_only_do_harm_later_is_refused_now(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(BadSetting, match=name):
        read()


def test_a_secret_is_not_shown_when_it_is_refused() -> None:
    with pytest.raises(BadSetting) as raised:
        read(secret_key=["hunter2"])
    assert "FLOWAPP_SECRET_KEY" in raised.value.message
    assert "hunter2" not in raised.value.message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("FLOWAPP_DATABASE_URL", "postgres://flowapp:hunter2@db/flowapp"),
        ("FLOWAPP_DATABASE_URL", "postgresql:///?host=db&password=hunter2"),
        ("FLOWAPP_SMTP_URL", "imap://flowapp:hunter2@mail.example.org"),
    ],
)
def test_a_password_inside_an_address_is_not_shown_when_it_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(BadSetting) as raised:
        read()
    assert name in raised.value.message
    assert "hunter2" not in raised.value.message


def test_settings_cannot_be_changed_once_they_are_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read().workers = 9  # type: ignore[misc]


def test_what_belongs_to_the_installation_lies_beside_its_database(tmp_path: Path) -> None:
    assert read(database_url=f"sqlite:///{tmp_path}/here/db.sqlite3").instance_folder == tmp_path / "here"
