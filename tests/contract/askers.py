"""Whoever asks: each credential that there is, a lost and a foreign one among them."""

import sqlite3
from dataclasses import dataclass, field
from typing import Any

import httpx2

from app.auth.cookies import DEVICE_COOKIES, STAFF_COOKIE
from app.auth.secrets import digest
from app.models.states import DeviceKind
from tests.support.demo import DemoServer, new_key

AGENT_SECRET = "agent-of-a-test-with-a-long-secret"  # noqa: S105 (of nobody)
LOST_SECRET = "lost-screen-with-a-long-secret-too"  # noqa: S105 (of nobody)
PATIENT: dict[str, Any] = {"verify": False, "timeout": 60}
NOW = "2026-01-02 03:04:05.000000"


@dataclass
class Mall:
    """A demo in the midst of a day: who asks, and which ids stand for something.

    ``ids`` are by the name of the field or parameter that takes them. An account and
    a token that a call may end are nobody's here.
    """

    demo: DemoServer
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    ids: dict[str, list[Any]] = field(default_factory=dict)

    def prepare(self) -> None:
        """Let visitors be in every state, and everybody sign in."""
        self._find_ids()
        self._let_work_begin()
        for name, username in self._staff().items():
            self.headers[name] = self._signed_in(username)
        self.headers["chooser"] = self._chooser()
        self._add_devices()

    def renew(self) -> None:
        """Sign in again whom a call has signed out."""
        for name, username in self._staff().items():
            if self._status("/api/v1/counters", self.headers[name]) == 401:
                self.headers[name] = self._signed_in(username)

    def _staff(self) -> dict[str, str]:
        file = self.demo.file
        officers = file["officers"]
        return {
            "officer": officers[0]["username"],
            "another agency's officer": officers[-2]["username"],
            "supervisor": file["supervisors"][0]["username"],
            "reception": file["reception"]["username"],
            "admin": file["admin"]["username"],
        }

    def _find_ids(self) -> None:
        admin, agencies = self.demo.staff("admin"), self.demo.agencies()
        services = [row["id"] for agency in agencies for row in agency["services"]]
        counters = [row["id"] for row in admin.get("/api/v1/counters").json()]
        printers = admin.get("/api/v1/printers").json()["printers"]
        agency_ids = [agency["id"] for agency in agencies]
        self.ids = {
            "agency_id": agency_ids,
            "agency_ids": [[agency_id] for agency_id in agency_ids],
            "service_id": services,
            "service_ids": [[service] for service in services],
            "counter_id": counters[:3],
            "hand_to": counters[:3],
            "printer_id": [row["id"] for row in printers],
            "display_id": self.demo.display_ids,
            "device_id": self.demo.display_ids,
        }

    def _let_work_begin(self) -> None:
        demo, counters = self.demo, self.ids["counter_id"]
        officer = demo.staff("admin").get("/api/v1/counters").json()
        served = {row["id"]: row["service_ids"][0] for row in officer}
        tickets = []
        for counter in counters:
            tickets += [demo.issue(served[counter]) for _ in range(4)]
            demo.open_counter(counter)
            demo.call_next(counter)
        demo.command(counters[0], "start")
        demo.command(counters[1], "start")
        demo.command(counters[1], "park")
        self.ids["ticket_id"] = [ticket["id"] for ticket in tickets]
        self.ids["token"] = [ticket["token"] for ticket in tickets]
        self.ids["number"] = [ticket["number"] for ticket in tickets]

    def _signed_in(self, username: str) -> dict[str, str]:
        answer = self._post(
            "/session",
            {"username": username, "password": self.demo.password_of(username)},
        )
        return {"Cookie": f"{STAFF_COOKIE}={answer.cookies[STAFF_COOKIE]}"}

    def _chooser(self) -> dict[str, str]:
        """Return who signed in with a one-time password."""
        admin = self.headers["admin"]
        account = {
            "username": "pemilih",
            "password": "durian runtuh semalam",
            "role": "reception",
        }
        made = self._post("/users", account, admin).json()
        self.ids["user_id"] = [made["id"]]
        reset = self._post(f"/users/{made['id']}/reset-password", None, admin).json()
        account["password"] = reset["password"]
        answer = self._post(
            "/session", {key: account[key] for key in ("username", "password")}
        )
        return {"Cookie": f"{STAFF_COOKIE}={answer.cookies[STAFF_COOKIE]}"}

    def _add_devices(self) -> None:
        demo = self.demo
        hall = demo.display_ids[0]
        with sqlite3.connect(demo.database) as db:
            # the demo's mall has no print agent
            agent = db.execute(
                "INSERT INTO device (code, kind, name) VALUES ('AGEN', ?, 'Agen')",
                (DeviceKind.PRINT_AGENT,),
            ).lastrowid
            add = (
                "INSERT INTO device_token (device_id, secret_sha256, created_at,"
                " revoked_at) VALUES (?, ?, ?, ?)"
            )
            db.execute(add, (agent, digest(AGENT_SECRET), NOW, None))
            lost = db.execute(add, (hall, digest(LOST_SECRET), NOW, NOW)).lastrowid
        self.ids["token_id"] = [lost]
        kiosk_cookie = DEVICE_COOKIES[DeviceKind.KIOSK]
        self.headers |= {
            "nobody": {},
            "kiosk": _bearer(demo.kiosk_token),
            "kiosk's browser": {"Cookie": f"{kiosk_cookie}={demo.kiosk_token}"},
            "display": _bearer(demo.display_token(hall)),
            "print agent": _bearer(AGENT_SECRET),
            "revoked display": _bearer(LOST_SECRET),
        }

    def _post(
        self, path: str, body: object, headers: dict[str, str] | None = None
    ) -> httpx2.Response:
        answer = httpx2.post(
            f"{self.demo.url}/api/v1{path}",
            json=body,
            headers={"Idempotency-Key": new_key(), **(headers or {})},
            **PATIENT,
        )
        assert answer.is_success, answer.text
        return answer

    def _status(self, path: str, headers: dict[str, str]) -> int:
        url = f"{self.demo.url}{path}"
        return httpx2.get(url, headers=headers, **PATIENT).status_code


def _bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}
