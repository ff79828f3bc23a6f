"""What a site may set from the environment; everything else is in its database."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _addresses(text: str) -> str:
    for address in filter(None, map(str.strip, text.split(","))):
        ip_network(address)
    return text


class Settings(BaseSettings):
    """Settings of one server process, read from ``ANTREAN_…`` variables.

    Nonsense is refused at start with the variable's name (pydantic's
    ``ValidationError``); the manual's page "settings" lists every field.
    """

    # forbids a misspelt keyword only: of the environment pydantic reads just the
    # variables of these fields, and a misspelt one goes unseen
    model_config = SettingsConfigDict(env_prefix="ANTREAN_", extra="forbid")

    data: Path = Field(
        default=Path(".antrean/site"),
        description="Folder of the database and everything that must survive.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8000, description="TCP port to listen on; 0 lets the system choose."
    )
    secure_cookies: bool = Field(
        default=False, description="True behind TLS: cookies only over HTTPS."
    )
    trusted_proxies: Annotated[str, AfterValidator(_addresses)] = Field(
        default="",
        description="Addresses or networks of reverse proxies, with commas between.",
    )
    session_hours: Annotated[int, Field(ge=1, le=72)] = Field(
        default=14, description="Hours after which staff sign in again."
    )
    inbox: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=1024,
        description="Commands that may wait for the ledger before 503 `busy`.",
    )
    stale_after_seconds: Annotated[int, Field(ge=3, le=60)] = Field(
        default=5, description="Silence after which a screen says it is stale."
    )

    @property
    def proxy_addresses(self) -> list[str]:
        """Return the addresses and networks whose forwarded headers are believed."""
        return list(filter(None, map(str.strip, self.trusted_proxies.split(","))))

    @property
    def database(self) -> Path:
        """Return the path of the SQLite file."""
        return self.data / "antrean.sqlite3"
