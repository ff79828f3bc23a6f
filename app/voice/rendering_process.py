"""The rendering process as the server drives it: started when needed, and again."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import app
from app.voice.orders import Order

logger = logging.getLogger(__name__)

AHEAD_SECONDS = 120.0
"""At the least priority it may wait long for its turn on a busy machine."""
REST_SECONDS = 10.0
"""Where no process lasts, none is started for so long: orders are refused at once."""
ANSWER_SECONDS = 5.0
"""A process that says nothing for so long hangs: it is ended, and another started."""
_MODULE = "app.voice.rendering"
_LINE_BYTES = 1 << 20
_NONE_LASTS = "its process does not last"


class RenderingFailed(Exception):
    """Nothing came of an order."""


class RenderingProcess:
    """One process that renders orders one after the other.

    ``ahead``: at the least priority, and with as much time as it needs.
    """

    def __init__(
        self, data: Path, *, ahead: bool = False, answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self._arguments = [str(data.absolute()), *["--ahead"] * ahead]
        self._seconds = AHEAD_SECONDS if ahead else answer_seconds
        self._rests_until = 0.0
        self.starts = 0
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._last_id = 0
        self.cpu_seconds = 0.0

    @property
    def pid(self) -> int | None:
        """Return the process's id while it runs."""
        process = self._process
        return process.pid if process and process.returncode is None else None

    async def start(self) -> None:
        """Start it where it does not run, so that the first order finds it warm."""
        async with self._turn:
            await self._running()

    async def render(self, order: Order) -> None:
        """Make what is ordered; ``RenderingFailed`` where nothing comes of it.

        Where the process dies or hangs another is started, and asked once more.
        """
        async with self._turn:
            if asyncio.get_running_loop().time() < self._rests_until:
                raise RenderingFailed(_NONE_LASTS)
            try:
                await self._ask(order)
            except _Gone:
                logger.warning("the voice's process is started again")
                try:
                    await self._ask(order)
                except _Gone as again:
                    now = asyncio.get_running_loop().time()
                    self._rests_until = now + REST_SECONDS
                    raise RenderingFailed(_NONE_LASTS) from again

    async def stop(self) -> None:
        """Let it end, and wait until it has; one that hangs is killed."""
        async with self._turn:
            await self._end()

    async def _ask(self, order: Order) -> None:
        process = await self._running()
        self._last_id += 1
        request = {"id": self._last_id, "order": order.to_json()}
        try:
            async with asyncio.timeout(self._seconds):
                answer = await _exchange(process, request)
        except (OSError, ValueError, TimeoutError) as error:
            await self._end()
            raise _Gone from error
        except asyncio.CancelledError:
            # its answer would be taken for that of the next order
            with suppress(ProcessLookupError):
                process.kill()
            raise
        self.cpu_seconds += answer.cpu_seconds
        if answer.error is not None:
            raise RenderingFailed(answer.error)

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is not None:
            await self._end()
        if self._process is None:
            self.starts += 1
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                _MODULE,
                *self._arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=_environment(),
                limit=_LINE_BYTES,
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        # of one that has died too: a pipe left open outlives the loop
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(1):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


class _Answer(NamedTuple):
    """What the process says of an order."""

    error: str | None
    cpu_seconds: float


class _Gone(Exception):
    """The process has died or hangs."""


async def _exchange(
    process: asyncio.subprocess.Process, request: Mapping[str, object]
) -> _Answer:
    """Send a line and return the answer; ``OSError`` or ``ValueError`` without one."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process has no pipes")
    process.stdin.write(f"{json.dumps(request)}\n".encode())
    await process.stdin.drain()
    answer = json.loads(await process.stdout.readline())
    if answer["id"] != request["id"]:
        raise ValueError("an answer to another order")
    return _Answer(answer.get("error"), answer.get("cpu_seconds", 0.0))


def _environment() -> dict[str, str]:
    # it is found as this program is, from wherever that was started
    root = str(Path(app.__file__).parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return {**os.environ, **one_thread, "PYTHONPATH": os.pathsep.join(paths)}
