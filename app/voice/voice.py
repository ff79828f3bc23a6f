"""What a running server asks of the voice: an announcement's audio, and work ahead."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from app.db.engines import Readers
from app.errors import AntreanError, NotFound
from app.queueing import facts
from app.queueing.site.site_row import site_row
from app.voice.audio_cache import AudioCache
from app.voice.folders import calls_folder, clips_folder, phrases_folder
from app.voice.ogg import NotOpus, joined
from app.voice.orders import Order
from app.voice.rendering_process import RenderingFailed, RenderingProcess
from app.voice.upcoming import UpcomingReader, place_captions
from app.voice.voice_choice import VoiceChoice

logger = logging.getLogger(__name__)

WARM_UP_SECONDS = 1.0
"""After its start a server has other work; an order starts the process at once."""
GATHERING_SECONDS = 0.25
"""Between two looks for issued numbers."""
IDLE_SECONDS = 30.0
"""After so long without work ahead its process ends, and gives its memory back."""


class VoiceUnavailable(AntreanError):
    """The voice cannot speak now; ask again."""

    status_code = 503
    code = "voice-unavailable"


class Voice:
    """The voice of one site: two processes, one for what is called now, one for ahead.

    Both are started when there is something to render. What was rendered before is
    handed out without either. ``is_enabled`` is False where this machine speaks never.
    """

    def __init__(self, readers: Readers, *, is_enabled: bool = True) -> None:
        data = readers.folder
        self._readers = readers
        self._is_enabled = is_enabled
        self._phrases = AudioCache(phrases_folder(data))
        self._wavs = AudioCache(calls_folder(data))
        self._clips = clips_folder(data)
        self.now = RenderingProcess(data)
        self.ahead = RenderingProcess(data, ahead=True)
        self._upcoming = UpcomingReader()
        self._choice: VoiceChoice | None = None
        self._places_made = False
        self._called = asyncio.Event()
        self._issued = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to follow what is called and issued from now on."""
        if not self._is_enabled:
            return
        await self._readers.read(self._upcoming.begin)
        self._tasks = [
            asyncio.create_task(self._warm_up(), name="voice warm-up"),
            asyncio.create_task(self._follow_calls(), name="voice of calls"),
            asyncio.create_task(self._follow_tickets(), name="voice ahead"),
        ]

    async def stop(self) -> None:
        """Stop following, and end both processes."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(self.now.stop(), self.ahead.stop())

    def publish(self, changed: frozenset[facts.Fact]) -> None:
        """Note what a durable batch touched: calls and tickets that it made."""
        if facts.SITE in changed:
            self._choice, self._places_made = None, False
        if any(map(facts.names_zone, changed)):
            self._called.set()
        if any(map(facts.names_service, changed)):
            self._issued.set()

    async def audio(self, caption: str, *, as_wav: bool = False) -> bytes:
        """Return what is spoken for a caption: Opus in Ogg, or WAV.

        Raises ``NotFound`` where the site's voice is off, ``VoiceUnavailable`` where
        nothing can be made.
        """
        choice = await self.choice()
        if choice.is_off:
            raise NotFound
        look = partial(self._look, choice, caption, as_wav=as_wav)
        order, found = await asyncio.to_thread(look)
        if found is None:
            await self._render_now(order)
            found = await asyncio.to_thread(self._stored, order)
        if found is None:
            raise VoiceUnavailable
        return found

    async def choice(self) -> VoiceChoice:
        """Return which voice the site has; off where this machine speaks never."""
        if self._choice is None:
            site = await self._readers.read(site_row)
            self._choice = VoiceChoice.of(site.rules())
        return self._choice if self._is_enabled else VoiceChoice("off", "digits")

    def _look(
        self, choice: VoiceChoice, caption: str, *, as_wav: bool = False
    ) -> tuple[Order, bytes | None]:
        """Return what is ordered for a caption, and its audio if that is ready."""
        order = choice.order(caption, self._clips, as_wav=as_wav)
        return order, self._stored(order)

    def _stored(self, order: Order) -> bytes | None:
        if order.as_wav:
            return self._wavs.read(order.wav_key)
        parts: list[bytes] = []
        for phrase in order.phrases:
            part = self._phrases.read(order.phrase_key(phrase))
            if part is None:
                return None
            parts.append(part)
        try:
            return joined(parts)
        except NotOpus:
            logger.exception("audio was put together wrongly")
            return None

    async def _render_now(self, order: Order) -> None:
        try:
            await self.now.render(order)
        except (RenderingFailed, OSError) as error:
            logger.warning("nothing was spoken: %s", error)
            raise VoiceUnavailable from error

    async def _follow_calls(self) -> None:
        """Render what is announced as it is announced, before a screen asks for it."""
        while True:
            await self._called.wait()
            self._called.clear()
            with _logged():
                for caption in await self._readers.read(self._upcoming.calls):
                    await self._make(self.now, caption)

    async def _warm_up(self) -> None:
        """Start the process once the server stands: the day's first call waits too."""
        await asyncio.sleep(WARM_UP_SECONDS)
        with _logged():
            choice = await self.choice()
            if not choice.is_off:
                await self.now.start()

    async def _follow_tickets(self) -> None:
        """Render what every day says, then the numbers that were issued."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._issued.wait()
            with _logged():
                if not self._issued.is_set():
                    await self.ahead.stop()
                    continue
                self._issued.clear()
                choice = await self.choice()
                read = partial(self._upcoming.numbers, mode=choice.mode)
                for caption in await self._readers.read(read):
                    await self._make(self.ahead, caption)
                await self._make_places()
            # what is issued meanwhile is read as one
            await asyncio.sleep(GATHERING_SECONDS)

    async def _make_places(self) -> None:
        """Render the ways to the counters, once after each change of the mall."""
        if self._places_made:
            return
        self._places_made = True
        for caption in await self._readers.read(place_captions):
            await self._make(self.ahead, caption)

    async def _make(self, process: RenderingProcess, caption: str) -> None:
        choice = await self.choice()
        if choice.is_off:
            return
        order, found = await asyncio.to_thread(self._look, choice, caption)
        if found is None:
            with suppress(RenderingFailed):
                await process.render(order)


@contextmanager
def _logged() -> Iterator[None]:
    """Let no failure end the work that is done ahead: calls are rendered without it."""
    try:
        yield
    except Exception:
        logger.exception("audio was not made ahead")
