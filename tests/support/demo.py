"""The demo as a real process, and what a test does with it over HTTP."""

import itertools
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from tests.support.process import PLAIN, ServerProcess, ask

_keys = itertools.count(1)


class DemoServer(ServerProcess):
    """``antrean demo``: the reference mall, its accounts and tokens."""

    def __init__(self, folder: Path, *options: str, verbose: bool = False) -> None:
        super().__init__(folder, *["--verbose"] * verbose, "demo", *options)
        self._staff: dict[str, httpx2.Client] = {}

    @property
    def file(self) -> dict[str, Any]:
        """Return what ``demo.json`` holds."""
        text = (self.folder / "demo.json").read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)
        return found

    @property
    def database(self) -> Path:
        """Return its database file."""
        return self.folder / "antrean.sqlite3"

    @property
    def kiosk_token(self) -> str:
        """Return the first kiosk's token."""
        return str(self.file["kiosk_token"])

    def display_token(self, display_id: int) -> str:
        """Return a display's token."""
        return str(self.file["display_tokens"][str(display_id)])

    @property
    def display_ids(self) -> list[int]:
        """Return the displays: the first is the hall's, then one for each zone."""
        return sorted(map(int, self.file["display_tokens"]))

    def agencies(self) -> list[dict[str, Any]]:
        """Return every agency with its services."""
        found: list[dict[str, Any]] = self.get("/api/v1/agencies")
        return found

    def service_id(self, agency: str, service: str | None = None) -> int:
        """Return a service's id by agency code and service code (else the first)."""
        of_agency = next(a for a in self.agencies() if a["code"] == agency)
        return next(
            int(row["id"])
            for row in of_agency["services"]
            if service in (None, row["code"])
        )

    def counters_of(self, service_id: int) -> list[int]:
        """Return the counters that serve a service."""
        found = self.staff("admin").get("/api/v1/counters").raise_for_status()
        return [c["id"] for c in found.json() if service_id in c["service_ids"]]

    def issue(self, *service_ids: int, **body: Any) -> dict[str, Any]:
        """Issue a ticket at the kiosk; returns it with ``token`` and ``url``."""
        return self._body_of(
            httpx2.post(
                f"{self.url}/api/v1/tickets",
                json={"service_ids": list(service_ids), **body},
                headers={
                    "Authorization": f"Bearer {self.kiosk_token}",
                    "Idempotency-Key": new_key(),
                },
                **PLAIN,
            )
        )

    def open_counter(self, counter_id: int) -> dict[str, Any]:
        """Open a counter as its own officer."""
        return self.command(counter_id, "open")

    def call_next(self, counter_id: int) -> dict[str, Any] | None:
        """Call the next visitor; None when nobody waits."""
        return self.command(counter_id, "call-next") or None

    def command(self, counter_id: int, command: str, **body: Any) -> dict[str, Any]:
        """Give a command as a counter's own officer; ``{}`` when it answers 204."""
        officer = self.staff(self.officer_of(counter_id))
        return self._body_of(
            officer.post(
                f"/api/v1/counters/{counter_id}/{command}",
                json=body,
                headers={"Idempotency-Key": new_key()},
            )
        )

    def officer_of(self, counter_id: int) -> str:
        """Return the user name of a counter's officer."""
        accounts = self.file["officers"]
        found = next(a for a in accounts if a["counter_id"] == counter_id)
        return str(found["username"])

    def password_of(self, username: str) -> str:
        """Return an account's password."""
        file = self.file
        accounts = [file["admin"], file["reception"]]
        accounts += file["supervisors"] + file["officers"]
        found = next(a for a in accounts if a["username"] == username)
        return str(found["password"])

    def staff(self, username: str) -> httpx2.Client:
        """Return a signed-in member of staff's client; signs in at most once."""
        if username not in self._staff:
            # no kept connections: the server may be killed between two requests
            limits = httpx2.Limits(max_keepalive_connections=0)
            client = httpx2.Client(base_url=self.url, limits=limits, **PLAIN)
            account = {"username": username, "password": self.password_of(username)}
            client.post("/api/v1/session", json=account).raise_for_status()
            self._staff[username] = client
        return self._staff[username]

    def get(self, path: str, token: str | None = None) -> Any:
        """Return what a GET answers; as a device if a token is given."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = ask(f"{self.url}{path}", headers=headers)
        return answer.raise_for_status().json()

    def board(self, display_id: int) -> Any:
        """Return what a display shows."""
        path = f"/api/v1/displays/{display_id}/board"
        return self.get(path, self.display_token(display_id))

    def stop(self) -> None:
        """Stop the server and forget its clients."""
        super().stop()
        for client in self._staff.values():
            client.close()
        self._staff.clear()

    def _find_port(self) -> int:
        try:
            return urlsplit(self.file["url"]).port or 0
        except (FileNotFoundError, ValueError):
            return 0

    @staticmethod
    def _body_of(answer: httpx2.Response) -> dict[str, Any]:
        assert answer.is_success, answer.text
        if answer.status_code == 204:
            return {}
        accounts_file: dict[str, Any] = answer.json()
        return accounts_file


def new_key() -> str:
    """Return an Idempotency-Key that was not used before."""
    return f"test-{next(_keys)}"
