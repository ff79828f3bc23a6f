"""What another site's page sends with our cookie is refused (contract.md#who-asks)."""

import pytest
from websockets.exceptions import InvalidStatus

from app.auth.cross_site import is_same_host
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.callers import Caller, body_of, problem_of

OPEN = f"/counters/{mall.LOKET_1}/open"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "nonsense"},
    ],
)
async def test_refused(server: AppServer, headers: dict[str, str]) -> None:
    problem_of(await server.sari.post(OPEN, headers=headers), 403, "cross-site")

    assert server.disk.one("SELECT state FROM counter WHERE id = 1") == "closed"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "OURS", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_passes(server: AppServer, headers: dict[str, str]) -> None:
    ours = {k: v.replace("OURS", server.url.rstrip("/")) for k, v in headers.items()}

    body_of(await server.sari.post(OPEN, headers=ours))


@pytest.mark.parametrize("odd", ["x=a b", "x=[1,2]", "x y=1", '=";'])
async def test_an_odd_cookie_beside_ours_hides_nothing(
    server: AppServer, odd: str
) -> None:
    cookie = f"{odd}; {server.sari.headers['Cookie']}"
    evil = Caller(server.client, {"Cookie": cookie, "Origin": "https://evil.example"})

    problem_of(await evil.post(OPEN), 403, "cross-site")


async def test_only_unsafe_requests_are_looked_at(server: AppServer) -> None:
    answer = await server.sari.get(
        "/counters", headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 200


async def test_a_token_is_no_cookie(server: AppServer) -> None:
    body = {"service_ids": [mall.AKTA]}
    headers = {"Origin": "https://elsewhere.example"}

    body_of(await server.kiosk.post("/tickets", body, headers=headers), 201)


async def test_sign_out_from_another_site_is_refused(server: AppServer) -> None:
    headers = {"Origin": "https://evil.example"}
    answer = await server.sari.send("DELETE", "/session", headers=headers)

    problem_of(answer, 403, "cross-site")


async def test_a_socket_from_another_site_is_refused(server: AppServer) -> None:
    evil = Caller(
        server.client, {**server.sari.headers, "Origin": "https://evil.example"}
    )

    with pytest.raises(InvalidStatus) as refusal:
        async with evil.watch(f"counter:{mall.LOKET_1}"):
            pass

    assert refusal.value.response.status_code == 403
    assert b'"cross-site"' in (refusal.value.response.body or b"")


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://mall.example", "mall.example:443"),
        ("https://mall.example:443", "mall.example"),
        ("http://mall.example", "mall.example:80"),
        ("http://Mall.example", "mall.example"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("http://[::1]", "[::1]:80"),
        ("https://mall.example:8443", "mall.example:8443"),
    ],
)
def test_a_default_port_may_be_left_out(origin: str, host: str) -> None:
    assert is_same_host(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://mall.example", "mall.example:80"),
        ("http://mall.example:443", "mall.example"),
        ("https://mall.example:8443", "mall.example"),
        ("https://mall.example.evil.example", "mall.example"),
        ("https://evil.example@mall.example", "mall.example"),
        ("https://evil.example", "mall.example@evil.example"),
        ("https://evil.example", "mall.example"),
        ("null", "null"),
        ("", ""),
        ("https://", ""),
        ("http://[", "["),
        ("http://a:99999", "a:99999"),
    ],
)
def test_another_host_is_foreign(origin: str, host: str) -> None:
    assert not is_same_host(origin, host)
