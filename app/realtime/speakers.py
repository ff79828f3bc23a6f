"""Sees to it that in each sound space a device speaks that is here and can.

A display may reload its page, or the line may blink: only who is away for
``AWAY_SECONDS`` is replaced, and who lets announcements lie (a page that hangs, a cable
that is pulled without a word). With the heartbeat of the looks a stand-by speaks
within 5 s (hall.md#who-speaks).
"""

import asyncio
import logging
import time
from collections.abc import Iterable
from functools import partial

from app.db.engines import Readers
from app.errors import AntreanError
from app.ledger import Ledger
from app.queueing.hall.speakers import (
    Speaker,
    chosen_speaker,
    read_speakers,
    set_speakers,
)
from app.realtime.displays import ConnectedDisplays

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
AWAY_SECONDS = 3.0
SILENT_SECONDS = 3.0
"""For so long a device that is here may leave lie what it could speak."""


class SpeakerChoice:
    """Remembers since when a device is missing or silent; times are in seconds.

    Each device has its time from when it was first seen to have something to speak:
    after a restart, a quiet time or a change the calls may have waited for long.
    """

    def __init__(self, displays: ConnectedDisplays) -> None:
        self._displays = displays
        self._missing: dict[int, float] = {}
        self._silent: dict[int, tuple[int, float]] = {}

    def changes(self, speakers: Iterable[Speaker], now: float) -> dict[int, int]:
        """Return by sound space which device speaks there instead from now on."""
        return {
            speaker.space_id: device_id
            for speaker in speakers
            if (device_id := self._chosen(speaker, now)) is not None
            and device_id != speaker.device_id
        }

    def _chosen(self, speaker: Speaker, now: float) -> int | None:
        device_id = speaker.device_id
        if device_id is not None and self._is_silent(speaker, device_id, now):
            self._note_silence(device_id, speaker)
        able = self._displays.able()
        if device_id is None or device_id in able:
            self._missing.pop(device_id or 0, None)
            return chosen_speaker(speaker, able)
        away = now - self._missing.setdefault(device_id, now)
        if device_id not in self._displays and away < AWAY_SECONDS:
            return device_id
        return chosen_speaker(speaker, able)

    def _is_silent(self, speaker: Speaker, device_id: int, now: float) -> bool:
        if not speaker.is_waiting or device_id not in self._displays:
            self._silent.pop(speaker.space_id, None)
            return False
        of, since = self._silent.get(speaker.space_id, (device_id, now))
        if of != device_id:
            since = now
        self._silent[speaker.space_id] = device_id, since
        return now - since >= SILENT_SECONDS

    def _note_silence(self, device_id: int, speaker: Speaker) -> None:
        """Pass over whom nobody hears; a lone device goes on trying."""
        others = {*self._displays.able()} & {*speaker.display_ids} - {device_id}
        if others:
            self._displays.note_silence(device_id)


class Speakers:
    """An asyncio task that looks every second who speaks, while displays are here."""

    def __init__(
        self, readers: Readers, ledger: Ledger, displays: ConnectedDisplays
    ) -> None:
        self._readers = readers
        self._ledger = ledger
        self._choice = SpeakerChoice(displays)
        self._displays = displays
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start looking, on the running loop."""
        self._task = asyncio.create_task(self._run(), name="speakers")

    async def stop(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """Let others speak where the device that should does not."""
        if not self._displays.able():
            return
        now = self._ledger.now()
        speakers = await self._readers.read(partial(read_speakers, now=now))
        changes = self._choice.changes(speakers, time.monotonic())
        if changes:
            logger.info("speaking devices change spaces=%s", sorted(changes))
            await self._ledger.do(partial(set_speakers, speakers=changes))

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except AntreanError as refusal:
                logger.warning("no speaking device was chosen reason=%s", refusal.code)
            except Exception:
                logger.exception("no speaking device was chosen")
