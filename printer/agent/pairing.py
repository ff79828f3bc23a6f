"""Become the print agent that an admin says this is: by a code, once.

The code alone is worth nothing: the token comes to whoever holds the claim.
"""

import asyncio
import json
import logging
import urllib.error
import urllib.request
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

from printer.agent.session import SessionTimeouts

COOKIE = "antrean_agent"
POLL_SECONDS = 2.0
ANSWER_SECONDS = 10.0
PENDING, EXPIRED = 409, 404

logger = logging.getLogger(__name__)

# the server is in the building: a proxy set for this PC does not lead there
_open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


class PairingRefused(Exception):
    """The server does not pair print agents: it is older than this agent, say."""


class _Response(NamedTuple):
    status: int
    body: bytes
    cookies: list[str]


async def pair(
    server: str,
    show: Callable[[str], None],
    *,
    timeouts: SessionTimeouts | None = None,
    poll_seconds: float = POLL_SECONDS,
) -> str:
    """Show codes until an admin approves one; return the token.

    A server that cannot be reached is asked for ever; PairingRefused when it
    refuses the asking itself.
    """
    while True:
        answer = await _post_until_answered(
            server, "pairings", {"kind": "print_agent"}, timeouts or SessionTimeouts()
        )
        if answer.status != 200:
            raise PairingRefused(f"The server answers {answer.status} to pairing.")
        pairing: dict[str, Any] = json.loads(answer.body)
        show(pairing["code"])
        token = await _claim(
            server,
            {"claim": pairing["claim"]},
            timeouts or SessionTimeouts(),
            poll_seconds,
        )
        if token is not None:
            return token


async def _claim(
    server: str, body: dict[str, str], timeouts: SessionTimeouts, poll_seconds: float
) -> str | None:
    """Ask until the code is approved; None when it is over."""
    while True:
        answer = await _post_until_answered(server, "pairings/claim", body, timeouts)
        if answer.status == EXPIRED:
            return None
        if answer.status == 204:
            return _token_from(answer.cookies)
        if answer.status != PENDING:
            raise PairingRefused(f"The server answers {answer.status} to the claim.")
        await asyncio.sleep(poll_seconds)


async def _post_until_answered(
    server: str, path: str, body: dict[str, str], timeouts: SessionTimeouts
) -> _Response:
    for delay in timeouts.delays():
        try:
            answer = await asyncio.to_thread(_post, server, path, body)
        except OSError as error:
            logger.warning("no answer from the server: %s", error)
        else:
            if answer.status not in (429, 503):
                return answer
        await asyncio.sleep(delay)
    raise AssertionError("delays() never ends")


def _post(server: str, path: str, body: dict[str, str]) -> _Response:
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        f"{server.rstrip('/')}/api/v1/{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    try:
        with _open(request, timeout=ANSWER_SECONDS) as answer:
            cookies = answer.headers.get_all("Set-Cookie") or []
            return _Response(answer.status, answer.read(), cookies)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return _Response(refusal.code, refusal.read(), [])


def _token_from(cookies: list[str]) -> str:
    for cookie in cookies:
        morsel = SimpleCookie(cookie).get(COOKIE)
        if morsel is not None:
            return morsel.value
    raise PairingRefused("The server approved, and gave no token.")
