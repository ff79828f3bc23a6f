"""Sending an import file to the server that holds a site's folder."""

import json
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from app.commands.shared.local_access import LocalAccess
from app.commands.shared.terminal import CommandRefused
from app.importing.config.changes import Difference
from app.importing.problems import ImportFailed, Problem

SECONDS = 120
_PATH = "/api/v1/config"


class Preview(NamedTuple):
    """What a file would change, and the entity tag of the mall that it would change."""

    changes: list[Difference]
    etag: str


class ConfigClient:
    """Speaks to one server, as the owner of its folder."""

    def __init__(self, access: LocalAccess) -> None:
        self._access = access
        # never through a proxy: it is this machine, and a secret goes along
        self._opener = build_opener(ProxyHandler({}))

    def preview(self, content: bytes) -> Preview:
        """Return what a file would change; raises ``ImportFailed``."""
        answer = self._post(content, "?dry_run=true", {})
        changes = json.loads(answer.body)["changes"]
        return Preview(
            [Difference(each["path"], each["from"], each["to"]) for each in changes],
            answer.etag,
        )

    def apply(self, content: bytes, etag: str) -> None:
        """Change the mall, unless somebody has changed it since the preview."""
        self._post(content, "", {"If-Match": etag})

    def _post(self, content: bytes, query: str, headers: dict[str, str]) -> "_Answer":
        url = f"{self._access.url}{_PATH}{query}"
        request = Request(url, content, headers)  # noqa: S310 (ours)
        request.add_header("Content-Type", "application/yaml")
        request.add_header("Authorization", f"Bearer {self._access.secret}")
        request.add_header("Accept-Language", "en")
        try:
            with self._opener.open(request, timeout=SECONDS) as response:
                return _Answer(response.read(), response.headers.get("ETag", ""))
        except HTTPError as error:
            with error:
                raise _refusal(error.code, error.read()) from None
        except (URLError, TimeoutError, ConnectionError) as error:
            raise CommandRefused(
                "The server that holds this folder does not answer."
            ) from error


class _Answer(NamedTuple):
    body: bytes
    etag: str


def _refusal(status: int, body: bytes) -> ImportFailed | CommandRefused:
    problem = _json(body)
    refused = problem.get("refused")
    if isinstance(refused, list):
        return ImportFailed(
            Problem(each.get("line") or 0, each["path"], each["reason"])
            for each in refused
        )
    words = problem.get("title") or f"It answered {status}"
    advice = problem.get("advice") or "Nothing was imported."
    return CommandRefused(f"The server refuses this: {words}. {advice}")


def _json(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
