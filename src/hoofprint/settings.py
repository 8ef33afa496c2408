"""Settings: frozen, read once from defaults, file, `HOOFPRINT_*` and flags, in that order.

Every field is documented in `hoofprint.example.toml`; a test keeps the two the same.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from hoofprint.errors import SettingsError

PREFIX = "HOOFPRINT_"
FILE_NAME = "hoofprint.toml"

Port = Annotated[int, Meta(ge=0, le=65535)]
Positive = Annotated[int, Meta(ge=1)]


def _default_geo_dir() -> str:
    return str(Path(sys.prefix) / "share" / "hoofprint" / "geo")


class Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything an operator can decide. Sizes are bytes, times seconds unless named otherwise."""

    host: str = "127.0.0.1"
    port: Port = 8400
    base_url: str = ""
    base_host: str = ""
    data_dir: str = "data"
    keys_dir: str = ""
    geo_dir: str = msgspec.field(default_factory=_default_geo_dir)
    database_url: str = ""
    clickhouse_url: str = ""
    durability: Literal["fsync", "relaxed"] = "fsync"
    flush_seconds: Annotated[float, Meta(gt=0, le=60)] = 1.0
    flush_rows: Annotated[int, Meta(ge=1, le=100_000)] = 20_000
    spool_segment_bytes: Annotated[int, Meta(ge=65_536)] = 64 * 1024 * 1024
    max_body_bytes: Annotated[int, Meta(ge=1024)] = 8 * 1024 * 1024
    max_batch_items: Annotated[int, Meta(ge=1000)] = 10_000
    page_view_limit: Annotated[int, Meta(ge=1, le=65_535)] = 200
    key_retention_minutes: Annotated[int, Meta(ge=30)] = 1440
    store_readers: Annotated[int, Meta(ge=1, le=32)] = 4
    store_cache_bytes: Annotated[int, Meta(ge=0)] = 500_000_000
    query_memory_bytes: Annotated[int, Meta(ge=100_000_000)] = 2_000_000_000
    query_seconds: Annotated[int, Meta(ge=1)] = 30
    query_wait_seconds: Annotated[float, Meta(ge=0)] = 20.0
    query_cache_bytes: Annotated[int, Meta(ge=0)] = 64 * 1024 * 1024
    rate_limit_security: Annotated[int, Meta(ge=0)] = 10
    rate_limit_configuration: Annotated[int, Meta(ge=0)] = 60
    sign_up: Literal["closed", "open"] = "closed"
    audit_days: Annotated[int, Meta(ge=1)] = 365
    smtp_host: str = ""
    smtp_port: Annotated[int, Meta(ge=1, le=65535)] = 587
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_timeout_seconds: Annotated[float, Meta(gt=0, le=60)] = 10.0
    mail_from: str = ""
    google_client_id: str = ""
    google_client_secret: str = ""
    google_base_url: str = ""
    trusted_proxies: tuple[str, ...] = ()
    log_format: Literal["json", "console"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def data_path(self) -> Path:
        """The directory of everything that a backup should hold."""
        return Path(self.data_dir)

    @property
    def keys_path(self) -> Path:
        """The directory of the visitor keys: beside the data, never inside it or a backup of it."""
        if self.keys_dir:
            return Path(self.keys_dir)
        data = self.data_path.resolve()
        return data.with_name(data.name + ".keys")

    @property
    def geo_path(self) -> Path:
        """Where the MMDB files are."""
        return Path(self.geo_dir)

    @property
    def records_url(self) -> str:
        """The SQLAlchemy URL of the management database."""
        return self.database_url or f"sqlite:///{self.data_path.resolve() / 'records.sqlite3'}"

    @property
    def public_url(self) -> str:
        """The address under which browsers reach this instance, without a trailing slash."""
        if self.base_url:
            return self.base_url.rstrip("/")
        host = "localhost" if self.host in ("0.0.0.0", "127.0.0.1", "::") else self.host  # noqa: S104 - compared, not bound
        return f"http://{host}:{self.port}"


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for key, text in environ.items():
        if not key.startswith(PREFIX) or key == PREFIX + "CONFIG":
            continue
        name = key.removeprefix(PREFIX).lower()
        given[name] = (
            [p.strip() for p in text.split(",") if p.strip()] if name == "trusted_proxies" else text
        )
    return given


def read_settings(
    flags: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> Settings:
    """The settings of this process; a flag beats the environment, which beats the file.

    The file is the one `HOOFPRINT_CONFIG` names, else `hoofprint.toml` in the working directory.
    Raises SettingsError, naming the setting, for unknown names and unusable values.
    """
    environ = os.environ if environ is None else environ
    named = environ.get(PREFIX + "CONFIG")
    path = Path(named) if named else (directory or Path.cwd()) / FILE_NAME
    sources: list[tuple[str, dict[str, Any]]] = []
    if named or path.exists():
        sources.append((str(path), _from_file(path)))
    sources.append(("environment", _from_environment(environ)))
    sources.append(("flags", {k: v for k, v in (flags or {}).items() if v is not None}))
    merged: dict[str, Any] = {}
    for source, values in sources:
        unknown = sorted(set(values) - set(Settings.__struct_fields__))
        if unknown:
            raise SettingsError(f"{source}: unknown setting {', '.join(unknown)}")
        merged |= values
    try:
        return msgspec.convert(merged, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(str(error)) from error
