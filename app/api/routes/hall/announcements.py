"""What is spoken of a call: an announcement's audio, and a preview to listen to."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy import Connection, bindparam, select

from app.api.document.refusals import refuses
from app.api.http.inputs import PathId
from app.api.routing.direct_route import PREFIX, api_router
from app.auth.access import STAFF, AnyStaff, allow
from app.context import context_of
from app.errors import NotFound
from app.models.states import MAX_ID, DeviceKind
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.speech import Language, Mode, call_phrases, spoken_words
from app.voice.voice import VoiceUnavailable

router = api_router("announcements")

OPUS, WAV = "audio/ogg", "audio/wav"
AUDIO: dict[int | str, dict[str, object]] = {
    200: {"description": "What is spoken.", "content": {OPUS: {}, WAV: {}}}
}
# an announcement's words never change, and a page asks again after a cut
KEPT = {"Cache-Control": "private, max-age=3600"}

AudioFormat = Annotated[Literal["opus", "wav"], Query(alias="format")]
Listener = Annotated[Actor, Depends(allow(*DeviceKind, *STAFF))]
PrintedNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}-[0-9]{1,6}$")]
_CAPTION = select(rows.announcement.c.text).where(
    rows.announcement.c.id == bindparam("announcement_id")
)
_PLACE = select(rows.counter.c.name).where(
    rows.counter.c.id == bindparam("counter_id"), rows.counter.c.is_retired.is_(False)
)


class PreviewView(BaseModel):
    """The words of a call that nobody has made; ``audio_url`` says them.

    It is None where the site's voice is off.
    """

    text: str
    audio_url: str | None


class Preview(BaseModel):
    """A call to listen to: its number as printed, and the counter it leads to."""

    number: PrintedNumber
    counter_id: int
    mode: Mode
    language: Language

    def phrases(self, db: Connection) -> tuple[str, ...]:
        """Return its sentences; ``NotFound`` where there is no such counter."""
        place = db.execute(_PLACE, {"counter_id": self.counter_id}).scalar()
        if place is None:
            raise NotFound
        return call_phrases(
            self.number, place, 1, mode=self.mode, language=self.language
        )


async def wanted_preview(
    number: PrintedNumber,
    counter_id: Annotated[int, Query(ge=1, le=MAX_ID)],
    mode: Mode = "digits",
    language: Language = "id",
) -> Preview:
    """Return which call is asked for."""
    return Preview(number=number, counter_id=counter_id, mode=mode, language=language)


WantedPreview = Annotated[Preview, Depends(wanted_preview)]


@router.get("/announcements/preview", response_model=PreviewView)
@refuses(NotFound)
async def preview(
    request: Request, _who: AnyStaff, wanted: WantedPreview
) -> PreviewView:
    """Say which words a call would have, and where they can be listened to."""
    context = context_of(request)
    phrases = await context.readers.read(wanted.phrases)
    address = f"{PREFIX}/announcements/preview/audio?{urlencode(wanted.model_dump())}"
    choice = await context.voice.choice()
    return PreviewView(
        text=spoken_words(phrases), audio_url=None if choice.is_off else address
    )


@router.get(
    "/announcements/preview/audio", response_class=Response, responses={**AUDIO}
)
@refuses(NotFound, VoiceUnavailable)
async def preview_audio(
    request: Request,
    _who: AnyStaff,
    wanted: WantedPreview,
    audio_format: AudioFormat = "opus",
) -> Response:
    """Speak a call that nobody has made."""
    phrases = await context_of(request).readers.read(wanted.phrases)
    return await _spoken(request, " ".join(phrases), audio_format)


@router.get(
    "/announcements/{announcement_id}/audio",
    response_class=Response,
    responses={**AUDIO},
)
@refuses(NotFound, VoiceUnavailable)
async def announcement_audio(
    request: Request,
    announcement_id: PathId,
    _who: Listener,
    audio_format: AudioFormat = "opus",
) -> Response:
    """Speak an announcement: Opus in Ogg, or WAV."""

    def caption(db: Connection) -> str:
        of_this = {"announcement_id": announcement_id}
        text: str | None = db.execute(_CAPTION, of_this).scalar()
        if text is None:
            raise NotFound
        return text

    text = await context_of(request).readers.read(caption)
    return await _spoken(request, text, audio_format)


async def _spoken(request: Request, caption: str, audio_format: str) -> Response:
    as_wav = audio_format == "wav"
    audio = await context_of(request).voice.audio(caption, as_wav=as_wav)
    return Response(audio, media_type=WAV if as_wav else OPUS, headers=KEPT)
