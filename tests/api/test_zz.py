from tests.support.callers import told
from tests.support import mall


async def test_a(house):
    t = await house.kiosk.issue(mall.AKTA)
    print(t)
    await house.sari.command(mall.LOKET_1, "open")
    async with house.hall.watch("display:3") as ws:
        print(await ws.recv())
        print(await house.sari.command(mall.LOKET_1, "call-next"))
        print(await ws.recv())
    house.disk.assert_events_rebuild_entries()


async def test_b(house):
    t = await house.kiosk.issue(mall.AKTA)
