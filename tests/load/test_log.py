"""What a real server's log holds, and what it must not."""

from pathlib import Path
from urllib.parse import quote

from websockets.sync.client import connect

from tests.support.demo import DemoServer
from tests.support.process import ask


def test_the_log_holds_no_token_and_no_query(tmp_path: Path) -> None:
    demo = DemoServer(tmp_path, verbose=True)
    demo.start()
    service_id = demo.service_id("DKC")
    token = demo.issue(service_id)["token"]
    demo.get(f"/api/v1/tickets/{token}")
    ask(f"{demo.url}/t/{token}", params={"secret": "in-the-query"})
    topic = quote(f"ticket:{token}")
    address = f"{demo.url.replace('http', 'ws')}/api/v1/live?topic={topic}"
    with connect(address, proxy=None) as watching:
        watching.recv()
    demo.stop()

    log = demo.log()
    assert "GET /api/v1/tickets/{token} 200" in log
    assert token not in log
    assert "in-the-query" not in log
    assert demo.kiosk_token not in log
    assert "Traceback" not in log
