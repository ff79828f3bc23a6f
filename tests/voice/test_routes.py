"""The audio of announcements over HTTP: to devices and staff, or a problem."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.voice import voice
from app.voice.audio_cache import AudioCache
from app.voice.folders import phrases_folder
from app.voice.ogg import seconds
from app.voice.rendering.loudness import loudness
from app.voice.rendering.sound import decoded
from app.voice.rendering_process import RenderingFailed
from tests.support import mall
from tests.support.app_server import AppServer, running
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of

PREVIEW = "/announcements/preview"
CALL = {"number": "A-010", "counter_id": mall.LOKET_3}


@pytest.fixture
async def hall(folder: Path, clock: MovableClock) -> AsyncIterator[AppServer]:
    """Return the small mall that speaks, with a counter open."""
    async with running(folder, clock, voice=True) as server:
        await server.sari.command(mall.LOKET_1, "open")
        yield server


async def called(server: AppServer) -> str:
    """Issue and call a number; return the path of its announcement's audio."""
    await server.kiosk.issue(mall.AKTA)
    await server.sari.command(mall.LOKET_1, "call-next")
    newest = server.disk.one("SELECT max(id) FROM announcement")
    return f"/announcements/{newest}/audio"


async def test_a_call_is_spoken_to_displays_and_staff(hall: AppServer) -> None:
    path = await called(hall)

    for caller in (hall.hall, hall.kiosk, hall.sari, hall.resepsi):
        answer = await caller.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "audio/ogg"
        assert 3 < seconds(answer.content) < 8


async def test_wav_is_there_for_players_that_know_no_opus(hall: AppServer) -> None:
    path = await called(hall)

    answer = await hall.hall.get(path, params={"format": "wav"})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/wav"
    sound = decoded(answer.content)
    assert loudness(sound.samples) == pytest.approx(-16, abs=1)


async def test_strangers_hear_nothing_and_an_unknown_form_is_refused(
    hall: AppServer,
) -> None:
    path = await called(hall)

    problem_of(await hall.anyone.get(path), 401, "unauthenticated")
    problem_of(await hall.anyone.get(PREVIEW, params=CALL), 401, "unauthenticated")
    problem_of(await hall.kiosk.get(PREVIEW, params=CALL), 403, "forbidden")
    problem_of(await hall.hall.get("/announcements/999/audio"), 404, "not-found")
    problem_of(await hall.hall.get(path, params={"format": "mp3"}), 422, "invalid")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({}, "nomor antrean A nol satu nol silakan menuju loket tiga"),
        (
            {"mode": "terbilang"},
            "nomor antrean A sepuluh silakan menuju loket tiga",
        ),
        (
            {"language": "en"},
            "ticket number A zero one zero please go to counter three",
        ),
    ],
)
async def test_a_preview_says_the_words_and_where_to_listen(
    hall: AppServer, query: dict[str, str], text: str
) -> None:
    preview = body_of(await hall.sari.get(PREVIEW, params={**CALL, **query}))

    assert preview["text"] == text
    url = str(hall.client.base_url.join(preview["audio_url"]))
    answer = await hall.sari.get(url)
    assert answer.status_code == 200
    assert 3 < seconds(answer.content) < 8


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"counter_id": 999}, 404, "not-found"),
        ({"number": "12"}, 422, "invalid"),
        ({"number": "A-12<b>"}, 422, "invalid"),
        ({"mode": "roman"}, 422, "invalid"),
        ({"language": "de"}, 422, "invalid"),
    ],
)
async def test_a_preview_of_nonsense_is_refused(
    server: AppServer, query: dict[str, object], status: int, code: str
) -> None:
    answer = await server.sari.get(PREVIEW, params={**CALL, **query})

    problem_of(answer, status, code)


async def test_a_call_is_made_before_anybody_asks_for_it(hall: AppServer) -> None:
    cache = AudioCache(phrases_folder(hall.context.settings.data))
    await called(hall)

    while cache.size()[0] < 2:  # noqa: ASYNC110 (the disk has no event)
        await asyncio.sleep(0.01)


async def test_a_number_is_made_when_it_is_issued(hall: AppServer) -> None:
    cache = AudioCache(phrases_folder(hall.context.settings.data))
    await hall.kiosk.issue(mall.AKTA)

    # the number, the ways to three counters, and what recalls begin with
    while cache.size()[0] < 6:  # noqa: ASYNC110 (the disk has no event)
        await asyncio.sleep(0.01)

    assert hall.context.voice.ahead.pid is not None


async def test_the_process_for_calls_is_warm_before_the_first(hall: AppServer) -> None:
    while hall.context.voice.now.pid is None:  # noqa: ASYNC110 (it has no event)
        await asyncio.sleep(0.01)


async def test_without_work_ahead_its_process_ends(
    folder: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice, "IDLE_SECONDS", 0.5)
    async with running(folder, clock, voice=True) as server:
        await server.kiosk.issue(mall.AKTA)
        ahead = server.context.voice.ahead
        while ahead.pid is None:  # noqa: ASYNC110 (it has no event)
            await asyncio.sleep(0.01)
        while ahead.pid is not None:  # noqa: ASYNC110 (it has no event)
            await asyncio.sleep(0.01)


async def test_what_is_ready_is_spoken_though_no_process_runs(
    hall: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await called(hall)
    first = await hall.hall.get(path)

    async def broken(_order: object) -> None:
        raise RenderingFailed("no process")

    monkeypatch.setattr(hall.context.voice.now, "render", broken)
    assert (await hall.hall.get(path)).content == first.content


async def test_where_nothing_can_be_made_it_is_told(
    hall: AppServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_order: object) -> None:
        raise RenderingFailed("no process")

    monkeypatch.setattr(hall.context.voice.now, "render", broken)
    with caplog.at_level(logging.WARNING, "app.voice"):
        answer = await hall.sari.get(f"{PREVIEW}/audio", params=CALL)

    problem_of(answer, 503, "voice-unavailable")
    assert "nothing was spoken: no process" in caplog.messages


async def test_where_the_voice_is_off_there_is_no_address(server: AppServer) -> None:
    preview = body_of(await server.sari.get(PREVIEW, params=CALL))

    assert preview["text"].startswith("nomor antrean A")
    assert preview["audio_url"] is None
    answer = await server.sari.get(f"{PREVIEW}/audio", params=CALL)
    problem_of(answer, 404, "not-found")
