"""Settings: the environment (RECTIFY_*), then rectify.toml, then the defaults."""

import os
import secrets
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from config.policy import HOUSE
from notifications.imap import Box
from notifications.smtp import Security, Server, is_loopback
from notifications.wire import checked_address
from rules.errors import NotAllowedError, SettingError

FILE_NAME = "rectify.toml"


def file_in(folder: Path) -> Path | None:
    """The file that settings are read from, in the folder or beside it; None where there is none."""
    return next(filter(_is_there, (folder / FILE_NAME, Path(FILE_NAME))), None)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:
        # The service's user may not look into the folder in which root typed the command.
        return False


class Oidc(BaseModel):
    """The provider that signs people in: `[oidc]` in the file, RECTIFY_OIDC_<NAME> in the environment."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    issuer: str
    """As the provider names itself, to the letter."""
    client_id: str = Field(min_length=1)
    client_secret: str = Field(default="", repr=False)
    client_secret_file: Path | None = None
    """Neither of the two: we have no secret, and the exchange rests on PKCE alone."""
    claim: str = Field(default="email", min_length=1)
    """What holds a person's address. `email` counts only where the provider says that it was verified."""
    label: str = Field(default="", max_length=60)
    """How people call the provider; empty is the issuer's host."""
    passwords: bool = True
    """Whether a password lets in, too."""

    @field_validator("issuer")
    @classmethod
    def _issuer_is_met_in_private(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        is_plain_here = parts.scheme == "http" and is_loopback(parts.hostname or "")
        if not (parts.hostname and (parts.scheme == "https" or is_plain_here)):
            raise ValueError("name the provider's https:// address, as it names itself")
        if parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError("an issuer is an address without user, query and fragment")
        return issuer

    @model_validator(mode="after")
    def _secret_stands_once(self) -> Self:
        if self.client_secret and self.client_secret_file:
            raise ValueError("name the secret or its file, not both")
        return self

    @property
    def name(self) -> str:
        """What the button calls the provider."""
        return self.label or urlsplit(self.issuer).hostname or self.issuer

    def secret(self) -> str:
        """The client's secret, read from its file where there is one."""
        return _secret_of(self.client_secret_file) if self.client_secret_file else self.client_secret


class Settings(BaseSettings):
    """Everything that an administrator sets. Each field is RECTIFY_<NAME> in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="RECTIFY_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    dir: Path = Path("var")
    database_url: str = Field(default="", repr=False)
    policy: Path = HOUSE
    timezone: str = "Asia/Shanghai"
    locale: str = ""
    base_url: str = ""
    mail_from: str = "rectify@localhost"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_security: Security = Security.PLAIN
    smtp_plain_allowed: bool = False
    smtp_user: str = ""
    smtp_password_file: Path | None = None
    smtp_deadline: float = Field(default=60.0, gt=0, le=3600)
    smtp_connections: int = Field(default=2, ge=1, le=4)
    bounce_host: str = ""
    """Mail server of the mailbox that returned letters come to; empty: nobody reads it."""
    bounce_port: int = Field(default=993, ge=1, le=65535)
    bounce_security: Security = Security.TLS
    bounce_user: str = ""
    bounce_password_file: Path | None = None
    bounce_folder: str = Field(default="INBOX", pattern=r'^[^"\\\x00-\x1f\x7f-\uffff]{1,200}$')
    redirect_all: str = ""
    """For trials: the one address that every letter goes to."""
    lease: float = Field(default=180.0, gt=0)
    patience: float = Field(default=5.0, gt=0)
    template: Path | None = None
    """The office's own docx, which reports, orders and circulars are set in."""
    secret_file: Path | None = None
    mailbox: Path | None = None
    """Folder of a local mailbox that `rectify serve` runs on the SMTP port, for trials."""
    prefect_port: int = Field(default=4200, ge=1, le=65535)
    prefect_url: str = ""
    """Address of Prefect's API; empty is the server that `rectify serve` runs on this machine."""
    prefect_auth_file: Path | None = None
    """Holds `user:password` of that server."""
    metrics_token_file: Path | None = None
    """Holds the token that /metrics asks for; without one it answers this machine alone."""
    logs: Literal["", "json", "plain"] = ""
    """How log lines are written; empty: plain on a terminal, JSON elsewhere."""
    web_port: int = Field(default=8000, ge=1, le=65535)
    session_idle: int = Field(default=60, ge=5, le=1440)
    """Minutes without a request after which a browser is signed out."""
    session_longest: int = Field(default=720, ge=5, le=10080)
    """Minutes after which a browser is signed out in any case."""
    oidc: Oidc | None = None
    """None: people sign in with passwords alone."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - asked for by the library
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What a caller says first, then the environment, then the file in the folder or beside it."""
        asked = init_settings()
        folder = Path(asked.get("dir") or os.environ.get("RECTIFY_DIR") or "var")
        file = file_in(folder)
        sources: tuple[PydanticBaseSettingsSource, ...] = (init_settings, env_settings)
        return (*sources, TomlConfigSettingsSource(settings_cls, file)) if file else sources

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{name} is no time zone") from error
        return name

    @field_validator("redirect_all")
    @classmethod
    def _redirect_is_an_address(cls, address: str) -> str:
        if address:
            checked_address(address)
        return address

    @model_validator(mode="after")
    def _lease_outlives_sending(self) -> Self:
        if self.lease <= self.smtp_deadline:
            raise ValueError(
                f"RECTIFY_LEASE ({self.lease:g} s) must be longer than "
                f"RECTIFY_SMTP_DEADLINE ({self.smtp_deadline:g} s)"
            )
        return self

    @model_validator(mode="after")
    def _plain_stays_at_home(self) -> Self:
        is_at_home = is_loopback(self.smtp_host) or self.smtp_plain_allowed
        if self.smtp_security is Security.PLAIN and not is_at_home:
            raise ValueError(
                f"mail to {self.smtp_host} would go unencrypted; set RECTIFY_SMTP_SECURITY to tls or "
                "starttls (or RECTIFY_SMTP_PLAIN_ALLOWED=true)"
            )
        return self

    @model_validator(mode="after")
    def _bounces_are_read_encrypted(self) -> Self:
        if self.bounce_security is Security.PLAIN and self.bounce_host and not is_loopback(self.bounce_host):
            raise ValueError("RECTIFY_BOUNCE_SECURITY must be tls or starttls for another machine")
        return self

    @property
    def url(self) -> str:
        """The database's URL; by default a SQLite file in the folder."""
        return self.database_url or f"sqlite:///{self.dir / 'rectify.db'}"

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def language(self) -> str:
        """The locale of documents and of what Prefect shows: as set, else as the terminal's."""
        said = self.locale or os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
        return "zh_CN" if said.lower().startswith("zh") else "en"

    def server(self) -> Server:
        """The mail server; reads the password from its file."""
        return Server(
            host=self.smtp_host,
            port=self.smtp_port,
            security=self.smtp_security,
            user=self.smtp_user,
            password=_secret_of(self.smtp_password_file) if self.smtp_password_file else "",
            deadline=self.smtp_deadline,
            connections=self.smtp_connections,
        )

    def bounces(self) -> Box | None:
        """The mailbox that returned letters come to, if there is one; reads the password from its file."""
        if not self.bounce_host:
            return None
        return Box(
            host=self.bounce_host,
            port=self.bounce_port,
            security=self.bounce_security,
            user=self.bounce_user,
            password=_secret_of(self.bounce_password_file) if self.bounce_password_file else "",
            folder=self.bounce_folder,
        )

    @property
    def takes_passwords(self) -> bool:
        """Whether a password lets in."""
        return self.oidc is None or self.oidc.passwords

    def check_passwords(self) -> None:
        """Raises NotAllowedError where no password lets in."""
        if self.oidc and not self.takes_passwords:
            raise NotAllowedError(
                "One signs in with %(provider)s here, and not with a password.", provider=self.oidc.name
            )

    @property
    def prefect_api(self) -> str:
        """Where Prefect's API answers."""
        return (self.prefect_url or f"http://127.0.0.1:{self.prefect_port}/api").rstrip("/")

    def prefect_login(self) -> tuple[str, str] | None:
        """User and password of Prefect's server, as its file holds them; None where there is no file."""
        try:
            said = (self.prefect_auth_file or self.dir / "prefect" / "password").read_text("utf-8").strip()
        except OSError:
            return None
        user, _, password = said.partition(":")
        return user, password

    def metrics_token(self) -> str:
        """What /metrics asks for; empty where it answers this machine alone.

        Raises:
            SettingError: the file that holds it cannot be read, or is empty.
        """
        if self.metrics_token_file is None:
            return ""
        token = _secret_of(self.metrics_token_file)
        if not token:
            raise SettingError("%(path)s is empty; write a token into it.", path=self.metrics_token_file)
        return token

    def secret(self) -> bytes:
        """The key that signs Message-IDs; made once, readable by its owner alone."""
        path = self.secret_file or self.dir / "secret"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        return _secret_of(path).encode()


def _secret_of(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise SettingError(
            "%(path)s cannot be read: %(reason)s.", path=path, reason=error.strerror
        ) from error


def load(**asked: Any) -> Settings:
    """The settings in force.

    Raises:
        SettingError: one sentence for the first setting that is wrong.
    """
    try:
        return Settings(**{name: value for name, value in asked.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingError(
            "Setting %(name)s: %(reason)s.", name=f"RECTIFY_{name}" if name else "RECTIFY", reason=reason
        ) from error
    except ValueError as error:
        raise SettingError("%(file)s is not valid: %(reason)s.", file=FILE_NAME, reason=error) from error
