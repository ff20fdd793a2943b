"""What the surroundings decide, read once; the only reader of the environment.

A senseless value refuses to start, with a sentence that names it. `docs/settings.md` explains each one.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from flowapp.kernel.errors import BadSetting

ROOT = Path(__file__).resolve().parents[2]
INSTANCE = ROOT / "instance"
_POSTGRESQL = re.compile(
    r"postgresql://([^\s/?#@]*@)?([^\s/?#@:\[\]]*|\[[\da-f:]+\])(:\d{1,5})?/[^\s/?#]+(\?\S*)?", re.I
)


class Settings(BaseSettings):
    """Every setting with its default; `FLOWAPP_` and the name in capitals sets it."""

    model_config = SettingsConfigDict(env_prefix="FLOWAPP_", env_file=ROOT / ".env", extra="ignore", frozen=True)

    database_url: str = Field(default=f"sqlite:///{INSTANCE / 'flowapp.sqlite3'}")
    instance: str = ""  # the folder for what is kept beside a database; see `instance_folder`
    secret_key: str = ""  # made and kept in the instance folder when empty
    base_url: str = ""  # for links in mails; made from the address of gunicorn when empty
    timezone: str = "Europe/London"
    smtp_url: str = ""  # smtp://user:password@host:port; empty keeps mail in the outbox
    mail_from: str = "FlowApp <flowapp@localhost>"
    outbound_allow: str = ""  # host:port, comma-separated
    web_workers: int = Field(default=1, ge=1, le=64)
    web_threads: int = Field(default=8, ge=1, le=256)
    workers: int = Field(default=4, ge=1, le=64)  # threads for effects outside
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    engine: Literal["local", "celery"] = "local"
    demo: bool = True
    demo_password: str = ""  # made once and kept in the instance folder when empty
    flood_limit: int = Field(default=500, ge=1, le=1_000_000)
    lease_seconds: float = Field(default=30.0, gt=0, le=3600)
    pause_after_failures: int = Field(default=10, ge=0, le=1000)  # 0 is never
    retention_days: int = Field(default=90, ge=1, le=3650)  # of runs that did something
    retention_dull_days: int = Field(default=14, ge=1, le=3650)  # of runs that did nothing
    heartbeat_url: str = ""  # called while the engine ticks
    heartbeat_seconds: float = Field(default=60.0, gt=0, le=3600)
    testing: bool = False
    fault: str = ""

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("it must be a time zone such as Europe/London") from error
        return name

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        if url.startswith("postgresql://"):
            if not _POSTGRESQL.fullmatch(url):
                raise ValueError("it must name a database, such as postgresql://user:password@host:5432/flowapp")
            return url
        if not url.startswith("sqlite:///"):
            raise ValueError("it must begin with sqlite:/// or with postgresql://")
        if url.removeprefix("sqlite:///") in ("", ":memory:"):
            raise ValueError("it must name a file, such as sqlite:////var/lib/flowapp/flowapp.sqlite3")
        return url

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^\s/]+/?", url):
            raise ValueError("it must be an address such as https://rota.example.org")
        return url.rstrip("/")

    @field_validator("heartbeat_url")
    @classmethod
    def _is_called(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^\s/?#]+[^\s]*", url):
            raise ValueError("it must be an address such as https://hc-ping.com/your-check")
        return url

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, sender: str) -> str:
        if not re.fullmatch(r"[^@<>\r\n]*<[^@<>\s]+@[^@<>\s]+>|[^@<>\s]+@[^@<>\s]+", sender):
            raise ValueError("it must be an email address, such as FlowApp <rota@example.org>")
        return sender

    @field_validator("outbound_allow")
    @classmethod
    def _are_ports(cls, allowed: str) -> str:
        for each in filter(None, (part.strip() for part in allowed.split(","))):
            if not re.fullmatch(r"\[?[A-Za-z0-9.:-]+\]?:\d{1,5}", each):
                raise ValueError("it must be a list of host:port, separated by commas")
        return allowed

    @field_validator("engine")
    @classmethod
    def _is_built(cls, engine: str) -> str:
        if engine == "celery":
            raise ValueError("the celery engine is not built yet; leave it out, or set it to local")
        return engine

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, url: str) -> str:
        if url and not re.match(r"smtps?://([^/\s]*@)?[^/@\s]+", url):
            raise ValueError("it must be smtp:// or smtps:// and the name of a mail server")
        return url

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the organisation."""
        return ZoneInfo(self.timezone)

    @property
    def instance_folder(self) -> Path:
        """Where what belongs to this installation is kept: next to the database file, unless it is set."""
        if self.instance:
            return Path(self.instance).resolve()
        if self.database_url.startswith("sqlite:///"):
            return Path(self.database_url.removeprefix("sqlite:///")).resolve().parent
        return INSTANCE


def read_settings(**given: Any) -> Settings:
    """Read the settings from the environment and the `.env` file, those given by hand first.

    Raises BadSetting naming the first setting that makes no sense.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        secret = any(word in name for word in ("SECRET", "PASSWORD", "KEYS", "HEARTBEAT"))
        secret = secret or any(sign in str(first["input"]) for sign in ("@", "password="))
        shown = "a value that is not shown" if secret and name != "MAIL_FROM" else repr(first["input"])
        raise BadSetting(f"FLOWAPP_{name} is {shown}: {_words(first['msg'])}.") from None


def _words(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should be", "it must be")
