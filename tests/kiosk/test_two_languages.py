"""What a site wrote for visitors: in English where it is, else marked as Indonesian."""

import pytest
from sqlalchemy import update

from app.queueing import rows
from tests.kiosk.conftest import Screen
from tests.support.app_server import AppServer
from tests.support.mall import AKTA, LOKET_1, ZONE_A

PATH = f"/kiosk/services/{AKTA}"
MARK = '<span class="substitute">(Indonesian)</span>'


@pytest.fixture(autouse=True)
async def _texts(server: AppServer) -> None:
    await server.sari.command(LOKET_1, "open")  # or the page says that none is open
    write(server, fee="Rp 10.000 per lembar", documents=["Kartu Keluarga", "KTP asli"])


def write(server: AppServer, *, zone_en: str | None = None, **values: object) -> None:
    service, zone = rows.service, rows.zone
    with server.disk.writing() as db:
        if values:
            db.execute(update(service).where(service.c.id == AKTA).values(**values))
        name = {"name_en": zone_en}
        db.execute(update(zone).where(zone.c.id == ZONE_A).values(name))


async def test_an_indonesian_page_shows_what_was_written(screen: Screen) -> None:
    page = (await screen.look(PATH)).text

    assert "<li>Kartu Keluarga</li>" in page
    assert "Biaya: Rp 10.000 per lembar" in page
    assert "substitute" not in page


async def test_an_english_page_says_what_is_indonesian(
    screen: Screen, server: AppServer
) -> None:
    # without an open counter its page says that, in the room of the zone
    await server.sari.command(LOKET_1, "open")
    page = (await screen.look(f"{PATH}?lang=en")).text

    assert f"Bring these documents {MARK}</h2>" in page
    assert '<li lang="id">Kartu Keluarga</li><li lang="id">KTP asli</li>' in page
    assert f'Fee: <span lang="id">Rp 10.000 per lembar</span> {MARK}' in page
    assert f'<span lang="id">Zona A</span> {MARK}' in page


async def test_an_english_page_shows_the_english_texts(
    screen: Screen, server: AppServer
) -> None:
    await server.sari.command(LOKET_1, "open")
    write(
        server,
        zone_en="Zone A",
        fee_en="Rp 10,000 a sheet",
        documents_en=["Family card"],
    )

    page = (await screen.look(f"{PATH}?lang=en")).text

    assert "<li>Family card</li>" in page
    assert "Fee: Rp 10,000 a sheet" in page
    assert "</svg> Zone A</li>" in " ".join(page.split())
    for other in ("Kartu Keluarga", "per lembar", "Zona A", "substitute"):
        assert other not in page


async def test_the_numbers_page_says_where_to_wait(
    screen: Screen, server: AppServer
) -> None:
    key = await screen.key(AKTA)
    page = (await screen.touch(AKTA, key, "?lang=en")).text
    write(server, zone_en="Zone A")
    again = (await screen.touch(AKTA, await screen.key(AKTA), "?lang=en")).text

    assert f'Please wait in <span lang="id">Zona A</span> {MARK}' in page
    assert "Please wait in Zone A</li>" in again
    # a call's own counter is named as its sign is
    assert "substitute" not in again
