"""The rendering process may die or hang: another takes its place (voice.md#process)."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.voice import rendering_process
from app.voice.rendering_process import RenderingFailed, RenderingProcess
from tests.voice.orders import order_of, stored_phrases


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[RenderingProcess]:
    process = RenderingProcess(tmp_path)
    yield process
    await process.stop()


async def test_it_starts_with_the_first_order_and_stays(
    process: RenderingProcess, tmp_path: Path
) -> None:
    assert process.pid is None
    order = order_of(tmp_path, "A-001")

    await process.render(order)
    pid = process.pid
    await process.render(order_of(tmp_path, "A-002"))

    assert process.pid == pid
    assert all(stored_phrases(tmp_path, order))
    assert process.cpu_seconds > 0


async def test_one_that_died_is_started_again_and_the_order_is_carried_out(
    process: RenderingProcess, tmp_path: Path
) -> None:
    await process.render(order_of(tmp_path, "A-001"))
    first = process.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)

    order = order_of(tmp_path, "A-002")
    await process.render(order)

    assert process.pid not in (None, first)
    assert all(stored_phrases(tmp_path, order))


async def test_one_that_hangs_is_ended_and_another_asked(tmp_path: Path) -> None:
    process = RenderingProcess(tmp_path)
    await process.render(order_of(tmp_path, "A-001"))
    first = process.pid
    assert first is not None
    process._seconds = 1.0  # not before: another's start takes as long
    os.kill(first, signal.SIGSTOP)

    order = order_of(tmp_path, "A-002")
    rendering = asyncio.create_task(process.render(order))
    while process.pid == first:  # noqa: ASYNC110 (the process has no event)
        await asyncio.sleep(0.01)
    process._seconds = 60.0
    await asyncio.wait([rendering])

    assert rendering.exception() is None
    assert all(stored_phrases(tmp_path, order))
    await process.stop()


async def test_an_order_that_nothing_comes_of_ends_no_process(
    process: RenderingProcess, tmp_path: Path
) -> None:
    good = order_of(tmp_path, "A-001")
    await process.render(good)
    pid = process.pid
    silent = good.__class__(good.voice, good.voice_version, (("id", ", ."),))

    with pytest.raises(RenderingFailed, match="nothing comes"):
        await process.render(silent)
    with pytest.raises(RenderingFailed, match="KeyError"):
        await process.render(good.__class__("nobody", "1", (("id", "satu."),)))
    await process.render(order_of(tmp_path, "A-003"))

    assert process.pid == pid


async def test_where_none_lasts_it_is_told(
    process: RenderingProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering_process, "_MODULE", "this.is.no.module")

    # the second time at once, without another start
    for _ in range(2):
        with pytest.raises(RenderingFailed, match="does not last"):
            await process.render(order_of(tmp_path, "A-001"))
        assert process.starts == 2

    process._rests_until = 0.0
    monkeypatch.undo()
    await process.render(order_of(tmp_path, "A-001"))


async def test_what_is_done_ahead_has_the_least_priority(tmp_path: Path) -> None:
    now, ahead = RenderingProcess(tmp_path), RenderingProcess(tmp_path, ahead=True)
    await now.render(order_of(tmp_path, "A-001"))
    await ahead.render(order_of(tmp_path, "A-002"))
    assert now.pid is not None
    assert ahead.pid is not None

    assert os.getpriority(os.PRIO_PROCESS, ahead.pid) == 19
    assert os.getpriority(os.PRIO_PROCESS, now.pid) == os.getpriority(
        os.PRIO_PROCESS, os.getpid()
    )

    await now.stop()
    await ahead.stop()
    assert now.pid is None


async def loaded_of(modules: set[str], imports: str) -> list[str]:
    """Return which of some modules are loaded where others are imported."""
    code = f"import sys, {imports}; print(*{modules!r} & {{*sys.modules}})"
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    output, _ = await child.communicate()
    assert child.returncode == 0
    return output.decode().split()


async def test_the_server_loads_nothing_that_computes_with_sound() -> None:
    computing = {"numpy", "scipy", "soundfile", "espeakng_loader"}

    assert await loaded_of(computing, "app.main") == []
    assert await loaded_of({"numpy"}, "app.voice.rendering.__main__") == ["numpy"]


async def test_the_rendering_process_loads_no_database() -> None:
    others = {"sqlalchemy", "fastapi", "pydantic", "scipy"}

    assert await loaded_of(others, "app.voice.rendering.__main__") == []


async def test_it_speaks_from_a_folder_with_a_long_name(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 200)
    code = (
        "import shutil, espeakng_loader as e, pathlib\n"
        f"folder = pathlib.Path({str(folder)!r}) / 'espeak-ng-data'\n"
        "shutil.copytree(e.get_data_path(), folder)\n"
        "e.get_data_path = lambda: str(folder)\n"
        "from app.voice.rendering.espeak import Espeak\n"
        "print(len(Espeak().speak('id', 'satu.').samples))"
    )
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    output, _ = await child.communicate()

    assert child.returncode == 0
    assert int(output) > 5_000
