"""The mall as an import file: read whole, and changed whole (contract.md#config)."""

from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from app.api.commands import Sender, sender_of
from app.api.document.refusals import refuses
from app.api.routing.direct_route import api_router
from app.auth.access import CONFIGURERS, allow
from app.auth.audit import AuditKind, Author, record
from app.auth.credentials import LOCAL
from app.context import context_of
from app.errors import Busy, ConfigChanged
from app.importing import ImportFailed, import_mall
from app.importing.config.comparison import changes_of, etag_of
from app.importing.config.reading import MallFile, read_apart
from app.importing.config.stored_mall import config_text
from app.queueing import facts
from app.queueing.change import Actor, Change
from app.web.i18n import translator
from app.web.preferences import api_language
from app.web.staff_sign_in import address_of

router = api_router("config", prefix="/config")

YAML = "application/yaml"
MAX_AUDIT_PATHS = 100
Configurer = Annotated[Actor, Depends(allow(*CONFIGURERS))]
ByConfigurer = Annotated[Sender, Depends(sender_of(*CONFIGURERS))]
IfMatch = Annotated[
    str | None, Header(description="The `ETag` of the mall that the caller has seen.")
]


class ConfigChange(BaseModel):
    """A field that differs: codes and fields joined by dots, and both its values."""

    model_config = ConfigDict(
        serialize_by_alias=True, validate_by_name=True, validate_by_alias=True
    )

    path: str
    old: Any = Field(alias="from")
    new: Any = Field(alias="to")


class RefusedLine(BaseModel):
    """Why a file is refused; ``line`` is the file's, null where the mall forbids it."""

    path: str
    reason: str
    line: int | None = None


class ConfigWarning(BaseModel):
    """What is applied and yet fails visitors (contract.md#config)."""

    path: str
    reason: str


class ConfigChanges(BaseModel):
    """What a file changes of the mall; a refused one is answered with 422.

    ``warnings`` are of the whole file and forbid nothing: with ``dry_run`` they are
    read before anything is changed.
    """

    changes: list[ConfigChange]
    refused: list[RefusedLine] = []
    warnings: list[ConfigWarning] = []


@router.get(
    "",
    response_class=Response,
    responses={
        200: {
            "content": {YAML: {"schema": {"type": "object"}}},
            "headers": {"ETag": {"schema": {"type": "string"}}},
        }
    },
)
async def config(request: Request, _who: Configurer) -> Response:
    """Give the mall as an import file: imported again, it changes nothing."""
    text = await context_of(request).readers.read(config_text)
    return Response(text, media_type=YAML, headers={"ETag": etag_of(text)})


@router.post(
    "",
    response_model=ConfigChanges,
    # of every other call the document says 64 KiB
    responses={413: {"description": "`too-large`: over 4 MB.", "content": {}}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {YAML: {"schema": {"type": "object"}}},
        }
    },
)
@refuses(ConfigChanged, ImportFailed)
async def import_config(
    request: Request,
    sender: ByConfigurer,
    dry_run: Annotated[bool, Query()] = False,
    if_match: IfMatch = None,
) -> Response:
    """Bring the mall to what a file says, whole or not at all; or only say what would.

    Screens follow at once. What is in use today is refused with its reason.
    """
    try:
        file = await read_apart(await request.body())
        if dry_run:
            return await _preview(request, file, if_match)
        author = Author(sender.actor, _device(request, sender.actor))
        apply = partial(_apply, file=file, if_match=if_match, author=author)
        return await sender.run(apply)
    except ImportFailed as failed:
        gettext = translator(api_language(request)).gettext
        raise failed.translated(gettext) from failed
    except TimeoutError:
        raise Busy from None


async def _preview(request: Request, file: MallFile, if_match: str | None) -> Response:
    context = context_of(request)

    def read(db: Connection) -> tuple[str, ConfigChanges]:
        etag = etag_of(config_text(db))
        _require_match(etag, if_match)
        now = context.clock.now()
        changes = changes_of(db, file.mall, now=now, is_served=True)
        return etag, _view(changes, file)

    etag, view = await context.readers.read(read)
    return Response(
        view.model_dump_json(), media_type="application/json", headers={"ETag": etag}
    )


def _apply(
    db: Connection,
    change: Change,
    *,
    file: MallFile,
    if_match: str | None,
    author: Author,
) -> ConfigChanges:
    if if_match is not None:
        _require_match(etag_of(config_text(db)), if_match)
    changes = changes_of(db, file.mall, now=change.now, is_served=True)
    import_mall(db, file.mall, now=change.now, is_served=True)
    # all of it may be otherwise now: every screen looks again
    change.touch(facts.SITE, facts.COUNTERS, facts.CLOSURES, facts.CREDENTIALS)
    if changes:
        paths = [each.path for each in changes[:MAX_AUDIT_PATHS]]
        kind, count = AuditKind.MALL_CHANGED, len(changes)
        record(db, change, kind, author=author, changes=count, paths=paths)
    return _view(changes, file)


def _view(changes: list[Any], file: MallFile) -> ConfigChanges:
    return ConfigChanges(
        changes=[ConfigChange.model_validate(each._asdict()) for each in changes],
        warnings=[ConfigWarning(**each._asdict()) for each in file.warnings],
    )


def _require_match(etag: str, if_match: str | None) -> None:
    """Raise ``ConfigChanged`` unless the caller has seen this mall, or any at all."""
    if if_match is None:
        return
    seen = [each.strip() for each in if_match.split(",")]
    # weakly the same is not the same (RFC 9110, 13.1.1)
    if "*" not in seen and etag not in seen:
        raise ConfigChanged


def _device(request: Request, actor: Actor) -> str:
    return "terminal of the server" if actor.role == LOCAL else address_of(request)
