"""The demo speaks, with no further command."""

import httpx2

from app.voice.ogg import seconds
from tests.support.database import Disk
from tests.support.demo import DemoServer
from tests.support.process import PLAIN

AGENCY = "BKS"


def test_a_called_number_is_spoken_on_the_display(demo: DemoServer) -> None:
    service = demo.service_id(AGENCY)
    counter = demo.counters_of(service)[0]
    demo.open_counter(counter)
    demo.issue(service)
    assert demo.call_next(counter) is not None
    newest = Disk(demo.database).one("SELECT max(id) FROM announcement")

    answer = httpx2.get(
        f"{demo.url}/api/v1/announcements/{newest}/audio",
        headers={"Authorization": f"Bearer {demo.display_token(demo.display_ids[0])}"},
        **PLAIN,
    )

    demo.command(counter, "serve")
    demo.command(counter, "close")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "audio/ogg"
    assert 3 < seconds(answer.content) < 9
