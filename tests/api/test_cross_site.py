"""What another site's page sends with our cookie is refused (design §5)."""

import pytest
from websockets.exceptions import InvalidStatus

from tests.support import mall
from tests.support.callers import Caller, refused, told
from tests.support.house import House

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
async def test_refused(house: House, headers: dict[str, str]) -> None:
    refused(await house.sari.post(OPEN, headers=headers), 403, "cross-site")

    assert house.disk.one("SELECT state FROM counter WHERE id = 1") == "closed"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "OURS", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_passes(house: House, headers: dict[str, str]) -> None:
    ours = {k: v.replace("OURS", house.url.rstrip("/")) for k, v in headers.items()}

    told(await house.sari.post(OPEN, headers=ours))


@pytest.mark.parametrize("odd", ["x=a b", "x=[1,2]", "x y=1", '=";'])
async def test_an_odd_cookie_beside_ours_hides_nothing(house: House, odd: str) -> None:
    cookie = f"{odd}; {house.sari.headers['Cookie']}"
    evil = Caller(house.client, {"Cookie": cookie, "Origin": "https://evil.example"})

    refused(await evil.post(OPEN), 403, "cross-site")


async def test_only_unsafe_requests_are_looked_at(house: House) -> None:
    answer = await house.sari.get("/counters", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 200


async def test_a_token_is_no_cookie(house: House) -> None:
    wish = {"service_ids": [mall.AKTA]}
    headers = {"Origin": "https://elsewhere.example"}

    told(await house.kiosk.post("/tickets", wish, headers=headers), 201)


async def test_sign_out_from_another_site_is_refused(house: House) -> None:
    headers = {"Origin": "https://evil.example"}
    answer = await house.sari.send("DELETE", "/session", headers=headers)

    refused(answer, 403, "cross-site")


async def test_a_socket_from_another_site_is_refused(house: House) -> None:
    evil = Caller(
        house.client, {**house.sari.headers, "Origin": "https://evil.example"}
    )

    with pytest.raises(InvalidStatus) as refusal:
        async with evil.watch(f"counter:{mall.LOKET_1}"):
            pass

    assert refusal.value.response.status_code == 403
    assert b'"cross-site"' in (refusal.value.response.body or b"")
