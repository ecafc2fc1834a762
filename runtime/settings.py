"""Settings: read once from the environment, each documented, each with a default that works on one machine."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from runtime.errors import Misconfigured

PREFIX = "GREENLANE_"


class Settings(BaseModel):
    """What an operator can set; each is the environment variable `GREENLANE_<NAME>`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path = Field(
        default=Path(".data"), description="Folder of the database, blobs and locks; never shared by network."
    )
    host: str = Field(
        default="127.0.0.1", description="Address to listen on. Other than loopback needs GREENLANE_PUBLIC_URL."
    )
    port: int = Field(default=3000, ge=1, le=65535, description="Port of the web app and the API.")
    public_url: str = Field(default="", description="The https address people use, when it is not this machine.")
    executes: bool = Field(
        default=True, description="Whether this process executes runs; with no, workers do (`greenlane worker`)."
    )
    slots: int = Field(
        default=100, ge=1, le=10_000, description="Runs of the queue that this process executes at once."
    )
    demo_model: bool = Field(
        default=True, description="Start the scripted demo model, so that everything runs without a key."
    )
    demo_port: int = Field(default=3010, ge=1, le=65535, description="Port of the scripted demo model (loopback only).")
    vault_key: str = Field(
        default="",
        repr=False,
        description="Master key of the vault: 32 random bytes in base64. Empty: the file vault.key in the data folder,"
        " made at the first start. Several machines need the same one.",
    )
    vault_key_next: str = Field(
        default="",
        repr=False,
        description="The master key that `greenlane vault rotate` goes over to, where it is kept in the environment.",
    )
    database_url: str = Field(
        default="",
        repr=False,
        description="Address of a Postgres: postgresql://user:password@host/name. Empty: SQLite in the data folder.",
    )
    blobs: str = Field(
        default="",
        description="Folder of the files people bring and runs make. Empty: blobs in the data folder. Several machines"
        " name one folder they all reach.",
    )
    largest_file_mb: int = Field(default=50, ge=1, le=10_000, description="Largest file somebody may bring, in MB.")
    person_files_mb: int = Field(
        default=2_000, ge=1, description="Files one person or app may have all together, in MB."
    )

    local_model_memory_mb: int = Field(
        default=4096, ge=256, description="Memory the process of a local model may have, in MB."
    )
    local_model_threads: int = Field(
        default=0, ge=0, le=256, description="Threads a local model computes with. 0: half of the machine's."
    )

    @property
    def files(self) -> Path:
        """The folder of files."""
        return Path(self.blobs) if self.blobs else self.data / "blobs"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data / "greenlane.db"

    @property
    def store(self) -> Path | str:
        """Where the database is: the file, or the address of a Postgres."""
        return self.database_url or self.database

    @property
    def origin(self) -> str:
        """The one address browsers reach us by, without a path."""
        return self.public_url.rstrip("/") or f"http://{'localhost' if self.loopback else self.host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    def check(self) -> Settings:
        """Refuse a set-up in which a session cookie could travel in clear."""
        if self.database_url and not self.database_url.startswith(("postgresql://", "postgres://")):
            raise Misconfigured(
                f"{PREFIX}DATABASE_URL must begin with postgresql://.",
                hint="Leave it empty for SQLite in the data folder; other databases are not supported.",
            )
        url = urlsplit(self.public_url)
        if self.public_url and (url.scheme != "https" or not url.hostname or url.path.strip("/")):
            raise Misconfigured(
                f"{PREFIX}PUBLIC_URL must look like https://name.example, but is {self.public_url!r}.",
                hint="Give the https address people type, without a path.",
            )
        if not self.loopback and not self.public_url:
            raise Misconfigured(
                f"{PREFIX}HOST is {self.host!r}, which other machines can reach, and no https address is set.",
                hint=f"Set {PREFIX}PUBLIC_URL to the https address of the proxy in front, or leave {PREFIX}HOST alone.",
            )
        return self


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment; an unknown `GREENLANE_…` name is refused with the nearest known one."""
    known = set(Settings.model_fields)
    given = {name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name.startswith(PREFIX)}
    # names with a reserved first word belong to others: keys of model aliases, and switches of the test suite
    given = {name: value for name, value in given.items() if not name.startswith(("key_", "test_"))}
    for name in given.keys() - known:
        raise Misconfigured(f"{PREFIX}{name.upper()} is not a setting.", hint=f"Known: {', '.join(sorted(known))}.")
    try:
        return Settings.model_validate(given).check()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise Misconfigured(
            f"{PREFIX}{name.upper()} cannot be {given.get(name)!r}: {first['msg']}.",
            hint=Settings.model_fields[name].description or "",
        ) from error


SECRET = ("GREENLANE_KEY_", "GREENLANE_VAULT_KEY", "GREENLANE_DATABASE_URL")
"""how the names of variables begin that hold a credential, or an address with one in it"""


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """What a program gets that we call and did not write, such as one that fetches packages."""
    return {name: value for name, value in environment.items() if not name.upper().startswith(SECRET)}
