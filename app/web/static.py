"""Style sheets, scripts and the typeface, under addresses that never change meaning.

Only files found at the start are served: an address is looked up in a table and is
never joined to a path, so no address can climb out of a folder.
"""

import hashlib
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import fontpkg_inter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from app.web.folders import PARTS, folders_named

FONT = Path(fontpkg_inter.__file__).parent / "files" / "Inter[opsz,wght].ttf"
PICTURES = PARTS["docs"] / "pictures"
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
"""Named here, because a machine's own table may know a script as plain text."""


class UnknownStatic(LookupError):
    """A template names a static file that does not exist."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no static file {name}.")
        self.name = name


@dataclass(frozen=True)
class Asset:
    """One file that may be served."""

    file: Path
    digest: str
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """Return every file that is served, by name: `web/base.css`, `font/inter.ttf`."""
    return {name: _asset(file) for name, file in _files()}


def static(name: str) -> str:
    """Return the address of a static file, with the hash of its content.

    Raises UnknownStatic, so that a wrong name fails in the first test of its page.
    """
    asset = assets().get(name)
    if asset is None:
        raise UnknownStatic(name)
    return f"/static/{name}?v={asset.digest}"


async def serve(request: Request) -> Response:
    """Answer with a static file; 404 for anything that is not in the table."""
    asset = assets().get(request.path_params["name"])
    if asset is None:
        raise HTTPException(status_code=404)
    headers = {
        "Cache-Control": _cache_control(request, asset),
        "ETag": f'"{asset.digest}"',
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return FileResponse(asset.file, headers=headers, media_type=asset.media_type)


route = Route("/static/{name:path}", serve, name="static", methods=["GET"])


def _cache_control(request: Request, asset: Asset) -> str:
    # A module imported by a module carries no hash, so it asks again by its ETag.
    return IMMUTABLE if request.query_params.get("v") == asset.digest else REVALIDATE


def _files() -> Iterator[tuple[str, Path]]:
    for prefix, folder in folders_named("static").items():
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                yield f"{prefix}/{file.relative_to(folder).as_posix()}", file
    for picture in sorted(PICTURES.glob("*.png")):
        yield f"docs/{picture.name}", picture
    yield "font/inter.ttf", FONT


def _asset(file: Path) -> Asset:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    media_type = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    return Asset(file, digest, media_type or "application/octet-stream")
