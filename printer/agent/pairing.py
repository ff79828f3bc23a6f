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

from printer.agent.session import Patience

COOKIE = "antrean_agent"
ASK_SECONDS = 2.0
ANSWER_SECONDS = 10.0
NOT_YET, OVER = 409, 404

logger = logging.getLogger(__name__)

# the server is in the building: a proxy set for this PC does not lead there
_open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


class PairingRefused(Exception):
    """The server does not pair print agents: it is older than this agent, say."""


class _Answer(NamedTuple):
    status: int
    body: bytes
    cookies: list[str]


async def pair(
    server: str,
    show: Callable[[str], None],
    *,
    patience: Patience | None = None,
    ask_seconds: float = ASK_SECONDS,
) -> str:
    """Show codes until an admin approves one; return the token.

    A server that cannot be reached is asked for ever; PairingRefused when it
    refuses the asking itself.
    """
    while True:
        asked = await _insist(
            server, "pairings", {"kind": "print_agent"}, patience or Patience()
        )
        if asked.status != 200:
            raise PairingRefused(f"The server answers {asked.status} to pairing.")
        told: dict[str, Any] = json.loads(asked.body)
        show(told["code"])
        token = await _claim(
            server, {"claim": told["claim"]}, patience or Patience(), ask_seconds
        )
        if token is not None:
            return token


async def _claim(
    server: str, body: dict[str, str], patience: Patience, ask_seconds: float
) -> str | None:
    """Ask until the code is approved; None when it is over."""
    while True:
        answer = await _insist(server, "pairings/claim", body, patience)
        if answer.status == OVER:
            return None
        if answer.status == 204:
            return _token_in(answer.cookies)
        if answer.status != NOT_YET:
            raise PairingRefused(f"The server answers {answer.status} to the claim.")
        await asyncio.sleep(ask_seconds)


async def _insist(
    server: str, path: str, body: dict[str, str], patience: Patience
) -> _Answer:
    for wait in patience.waits():
        try:
            answer = await asyncio.to_thread(_post, server, path, body)
        except OSError as error:
            logger.warning("no answer from the server: %s", error)
        else:
            if answer.status not in (429, 503):
                return answer
        await asyncio.sleep(wait)
    raise AssertionError("waits() never ends")


def _post(server: str, path: str, body: dict[str, str]) -> _Answer:
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        f"{server.rstrip('/')}/api/v1/{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    try:
        with _open(request, timeout=ANSWER_SECONDS) as answer:
            cookies = answer.headers.get_all("Set-Cookie") or []
            return _Answer(answer.status, answer.read(), cookies)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return _Answer(refusal.code, refusal.read(), [])


def _token_in(cookies: list[str]) -> str:
    for cookie in cookies:
        found = SimpleCookie(cookie).get(COOKIE)
        if found is not None:
            return found.value
    raise PairingRefused("The server approved, and gave no token.")
