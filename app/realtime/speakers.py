"""Sees to it that in each sound space a device speaks that is here and can.

A display may reload its page, or the line may blink: only who is away for
``AWAY_SECONDS`` is replaced, and who lets announcements lie (a page that hangs, a cable
that is pulled without a word). With the heartbeat of the looks a stand-by speaks
within 5 s (hall.md#who-speaks).
"""

import asyncio
import logging
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


class Speakers:
    """An asyncio task that looks every second who speaks, while displays are here."""

    def __init__(
        self, readers: Readers, ledger: Ledger, displays: ConnectedDisplays
    ) -> None:
        self._readers = readers
        self._ledger = ledger
        self._displays = displays
        self._task: asyncio.Task[None] | None = None
        # since when each speaking device is not able; by the loop's own clock
        self._missing: dict[int, float] = {}

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
        changes = {
            speaker.space_id: device_id
            for speaker in speakers
            if (device_id := self._chosen(speaker)) is not None
            and device_id != speaker.device_id
        }
        if changes:
            logger.info("speaking devices change spaces=%s", sorted(changes))
            await self._ledger.do(partial(set_speakers, speakers=changes))

    def _chosen(self, speaker: Speaker) -> int | None:
        device_id = speaker.device_id
        if device_id is not None and speaker.is_silent:
            self._note_silence(device_id, speaker)
        able = self._displays.able()
        if device_id is None or device_id in able:
            self._missing.pop(device_id or 0, None)
            return chosen_speaker(speaker, able)
        now = asyncio.get_running_loop().time()
        away = now - self._missing.setdefault(device_id, now)
        if device_id not in self._displays and away < AWAY_SECONDS:
            return device_id
        return chosen_speaker(speaker, able)

    def _note_silence(self, device_id: int, speaker: Speaker) -> None:
        """Pass over whom nobody hears; a lone device goes on trying."""
        others = {*self._displays.able()} & {*speaker.display_ids} - {device_id}
        if others:
            self._displays.note_silence(device_id)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except AntreanError as refusal:
                logger.warning("no speaking device was chosen reason=%s", refusal.code)
            except Exception:
                logger.exception("no speaking device was chosen")
