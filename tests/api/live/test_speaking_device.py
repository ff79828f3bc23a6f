"""The device that speaks is one that is here; a stand-by takes over within 5 s."""

from collections.abc import Callable
from typing import Any

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.callers import Caller, body_of
from tests.support.http.live import Screen

L1 = 1
Message = dict[str, Any]


def space_of(message: Message, space_id: int = L1) -> Message:
    """Return a sound space of a board."""
    (space,) = (s for s in message["data"]["sound_spaces"] if s["id"] == space_id)
    return dict(space)


async def until(screen: Screen, holds: Callable[[Message], bool]) -> Message:
    """Return the first snapshot of which something holds."""
    while not holds(message := await screen.snapshot()):
        pass
    return message


async def spaces(caller: Caller) -> list[Message]:
    answer: Any = body_of(await caller.get("/sound-spaces"))
    return list(answer)


async def test_a_stand_by_speaks_while_the_first_display_is_away(
    staffed_server: AppServer,
) -> None:
    listed = await spaces(staffed_server.sari)
    assert [each["zone_ids"] for each in listed] == [[mall.ZONE_A], [mall.ZONE_B]]
    assert listed[0]["speaker_device_id"] == mall.HALL

    async with staffed_server.display_a.watch(f"display:{mall.DISPLAY_A}") as alone:
        message = await until(
            Screen(alone),
            lambda m: space_of(m)["speaker_device_id"] == mall.DISPLAY_A,
        )

    assert [each["id"] for each in message["data"]["sound_spaces"]] == [L1]
    assert (await spaces(staffed_server.hall))[0]["speaker_device_id"] == mall.DISPLAY_A


async def test_who_looks_at_a_board_is_no_display(staffed_server: AppServer) -> None:
    displays = staffed_server.context.hub.displays

    async with staffed_server.admin.watch(f"display:{mall.HALL}") as looking:
        await Screen(looking).snapshot()
        assert mall.HALL not in displays
        async with staffed_server.hall.watch(f"display:{mall.HALL}") as watching:
            await Screen(watching).snapshot()
            assert displays.able() == [mall.HALL]
    while mall.HALL in displays:
        await staffed_server.hall.get("/site")
