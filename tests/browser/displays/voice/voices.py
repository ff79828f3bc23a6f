"""A voice of our own for a display's page: who speaks, what is heard, what is told."""

import json
import math
import wave
from array import array
from io import BytesIO
from typing import Any

from playwright.sync_api import Page, Route

from app.queueing.views.board import Board
from tests.browser.displays.boards import DISPLAY, Screen

RATE = 8_000
SECONDS = 0.4
SPACE: dict[str, Any] = {"id": 5, "zone_ids": [1], "quiet_until": None}
LISTEN = """
window.sounded = [];
for (const name of ["playing", "ended"])
  document.addEventListener(name, ({ type, target }) => {
    const sound = target.matches("[data-voice]") ? "voice" : "chime";
    sounded.push(`${sound} ${type}`);
  }, true);
"""


def tone() -> bytes:
    """Return a short tone as a WAV file."""
    samples = (
        round(8_000 * math.sin(2 * math.pi * 440 * n / RATE))
        for n in range(round(SECONDS * RATE))
    )
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array("h", samples).tobytes())
    return out.getvalue()


class Voice:
    """What a server with a voice sends to a display, and what it hears of it."""

    def __init__(self, page: Page) -> None:
        self.screen = Screen(page)
        self.page = page
        self.requests: list[str] = []
        self.reports: list[dict[str, Any]] = []
        self.answer = "sound"
        page.add_init_script(LISTEN)
        page.route("**/api/v1/announcements/**", self._speak)
        page.route("**/api/v1/receipts", self._keep)

    def board(
        self,
        board: Board,
        *,
        speaker: int | None = DISPLAY,
        spoken: int | None = None,
        **space: Any,
    ) -> dict[str, Any]:
        """Return a board whose space has a speaking device; ``spoken`` is a call."""
        speaking = None
        if spoken is not None:
            text = f"Nomor antrean {spoken}, silakan menuju Loket {spoken}."
            speaking = {"announcement_id": 900, "call_id": spoken, "text": text}
        data = board.model_dump(mode="json")
        found = {**SPACE, "speaker_device_id": speaker, "speaking": speaking, **space}
        return data | {"sound_spaces": [found], "notice": None}

    def announce(self, data: dict[str, Any], *call_ids: int) -> None:
        """Send a board with a new announcement for each of these calls, in order."""
        message = {"type": "snapshot", "topic": "display:1", "revision": 1}
        announcements = [
            {
                "id": call_id,
                "call_id": call_id,
                "zone_id": 1,
                "text": f"Nomor antrean {call_id}, silakan menuju Loket {call_id}.",
                "audio_url": f"/api/v1/announcements/{call_id}/audio",
                "expires_at": "2026-11-24T02:00:00Z",
            }
            for call_id in call_ids
        ]
        message |= {"now": data["now"], "data": data, "announcements": announcements}
        self.screen.send(json.dumps(message))

    def sounds(self) -> list[str]:
        """Return what has sounded: "chime playing", "voice ended", in order."""
        found: list[str] = self.page.evaluate("sounded")
        return found

    def reported(self, name: str) -> list[Any]:
        """Return all of a kind that was reported: ``shown`` or ``spoken``."""
        return [each for body in self.reports for each in body[name]]

    def _speak(self, route: Route) -> None:
        self.requests.append(route.request.url.partition("/api/v1")[2])
        is_wav = "format=wav" in route.request.url
        if self.answer == "nothing":
            return
        if self.answer == "refusal":
            route.fulfill(status=404)
        elif self.answer == "wav" and not is_wav:
            route.fulfill(body=b"no sound", content_type="audio/ogg")
        else:
            route.fulfill(body=tone(), content_type="audio/wav")

    def _keep(self, route: Route) -> None:
        self.reports.append(json.loads(route.request.post_data or ""))
        route.fulfill(status=204)
