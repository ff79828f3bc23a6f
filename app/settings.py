"""What a site may set from the environment; everything else is in its database."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "ANTREAN_"
OF_THE_TESTS = ("ANTREAN_CHROMIUM", "ANTREAN_EMUPOS")
ALIKE = 0.85
"""From this likeness on (difflib's ratio) a name is taken for a misspelt one of ours:
ANTRIAN_PORT for ANTREAN_PORT."""


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
    # variables of these fields; ``unknown_variables`` finds the others
    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid")

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

    voice: bool = Field(
        default=True, description="False: this machine makes no audio of calls."
    )

    @property
    def proxy_addresses(self) -> list[str]:
        """Return the addresses and networks whose forwarded headers are believed."""
        return list(filter(None, map(str.strip, self.trusted_proxies.split(","))))

    @property
    def database(self) -> Path:
        """Return the path of the SQLite file."""
        return self.data / "antrean.sqlite3"


class UnknownVariable(NamedTuple):
    """A variable that sets nothing, and the one that is likely meant."""

    name: str
    meant: str | None

    def sentence(self) -> str:
        """Say so to whoever has set it."""
        hint = f"; {self.meant} is meant, perhaps" if self.meant else ""
        return f"Warning: the variable {self.name} sets nothing{hint}."


def unknown_variables(names: Iterable[str]) -> Iterator[UnknownVariable]:
    """Yield which of the environment's names are misspelt settings of ours.

    As pydantic does, small letters are taken for capitals.
    """
    ours = [f"{PREFIX}{field.upper()}" for field in Settings.model_fields]
    known = {*ours, *OF_THE_TESTS}
    for name in sorted(names):
        if name.upper() in known:
            continue
        is_ours = name.upper().startswith(PREFIX)
        likeness = 0.0 if is_ours else ALIKE
        nearest = get_close_matches(name.upper(), ours, n=1, cutoff=likeness)
        if nearest or is_ours:
            yield UnknownVariable(name, nearest[0] if nearest else None)
