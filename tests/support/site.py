"""``antrean serve`` as a real process over a folder that holds a small mall."""

import re
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import update

from app.queueing import rows
from app.settings import Settings
from tests.support import cast
from tests.support.database import Disk
from tests.support.demo import new_key
from tests.support.process import PLAIN, ServerProcess

_STARTED = re.compile(r"Antrean serves http://127\.0\.0\.1:(\d+)/")


class SiteServer(ServerProcess):
    """A real site's server, open at all hours; its kiosks call it by token."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "serve")
        self.disk = Disk(Settings(data=folder).database)
        with self.disk.writing() as db:
            db.execute(update(rows.site).values(always_open=True))

    def issue(self, *service_ids: int, device: cast.PairedDevice = cast.KIOSK) -> Any:
        """Issue a ticket at a kiosk."""
        answer = httpx2.post(
            f"{self.url}/api/v1/tickets",
            json={"service_ids": list(service_ids)},
            headers={
                "Authorization": f"Bearer {device.secret}",
                "Idempotency-Key": new_key(),
            },
            **PLAIN,
        )
        return answer.raise_for_status().json()

    def _find_port(self) -> int:
        started = _STARTED.search(self.log())
        return int(started.group(1)) if started else 0
