"""``antrean voice``: listen to the hall's voice, render ahead, list its clips."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from app.commands.shared.options import add_data, settings_of
from app.commands.shared.site_folder import require_file
from app.commands.shared.terminal import CommandRefused, write_line
from app.db.engines import reader_engine
from app.db.migration import require_this_shape
from app.queueing import rows
from app.queueing.site.site_row import site_row
from app.queueing.speech import Language, call_phrases
from app.settings import Settings
from app.voice.audio_cache import AudioCache
from app.voice.clip_list import needed_clips
from app.voice.clip_names import find_clip
from app.voice.folders import calls_folder, clips_folder, phrases_folder
from app.voice.ogg import joined, seconds
from app.voice.orders import Order
from app.voice.rendering_process import RenderingFailed, RenderingProcess
from app.voice.voice_choice import VoiceChoice

ACTIONS = ("status", "say", "render", "clips")
MEBIBYTE = 1024**2
_PREFIXES = select(rows.series.c.prefix).order_by(rows.series.c.prefix)
_PLACES = (
    select(rows.counter.c.name)
    .join(rows.zone, rows.zone.c.id == rows.counter.c.zone_id)
    .where(rows.counter.c.is_retired.is_(False), rows.zone.c.is_practice.is_(False))
    .order_by(rows.counter.c.id)
)


class Hall(NamedTuple):
    """What a site's voice has to say."""

    choice: VoiceChoice
    prefixes: Sequence[str]
    places: Sequence[str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("text", nargs="*", help="say: a sentence, as on the screens")
    parser.add_argument(
        "--out", type=Path, default=Path("voice.wav"), help="say: FILE.wav or .opus"
    )
    parser.add_argument(
        "--numbers", type=int, default=100, help="render: of each series so many"
    )
    parser.add_argument(
        "--language", choices=("id", "en"), default="id", help="clips: of which voice"
    )
    add_data(parser)


def run(args: argparse.Namespace) -> int:
    """Do one thing with the voice; 1 where it cannot speak, or where clips are missing.

    Raises ``NoSite`` where the folder holds none, ``CommandRefused`` for what makes
    no sense.
    """
    settings = settings_of(args)
    hall = read_hall(settings)
    if args.action == "clips":
        return _clips(hall, settings, args.language)
    if args.action == "say":
        return _say(hall, settings, " ".join(args.text), args.out)
    if args.action == "render":
        return _render(hall, settings, args.numbers)
    return _status(hall, settings)


def read_hall(settings: Settings) -> Hall:
    """Return what a site's voice has to say; ``NoSite`` where there is none."""
    require_file(settings)
    engine = reader_engine(settings.database)
    try:
        require_this_shape(engine)
        with engine.connect() as db, db.begin():
            choice = VoiceChoice.of(site_row(db).rules())
            prefixes = [str(each) for each in db.execute(_PREFIXES).scalars()]
            places = [str(each) for each in db.execute(_PLACES).scalars()]
    finally:
        engine.dispose()
    return Hall(choice, prefixes, places)


def _status(hall: Hall, settings: Settings) -> int:
    choice = hall.choice
    write_line(f"voice          {choice.voice}")
    write_line(f"numbers        {choice.mode}")
    count, size = AudioCache(phrases_folder(settings.data)).size()
    write_line(f"sentences      {count}, {size / MEBIBYTE:.1f} MB")
    if choice.is_off:
        return 0
    order = choice.order("Nomor antrean A.", clips_folder(settings.data))
    error = asyncio.run(_rendered([order], settings))
    write_line(f"engine         {error or 'speaks'}")
    return 1 if error else 0


def _say(hall: Hall, settings: Settings, text: str, out: Path) -> int:
    if not text.strip():
        raise CommandRefused("A sentence is expected: ./antrean voice say TEXT.")
    if hall.choice.is_off:
        raise CommandRefused("The site's voice is off (policy: voice).")
    if out.suffix not in (".wav", ".opus"):
        raise CommandRefused("--out must end in .wav or .opus.")
    as_wav = out.suffix == ".wav"
    clips = clips_folder(settings.data)
    order = hall.choice.order(text, clips, as_wav=as_wav)
    error = asyncio.run(_rendered([order], settings))
    if error:
        sys.stderr.write(f"The voice cannot say this: {error}.\n")
        return 1
    phrases = AudioCache(phrases_folder(settings.data))
    parts = [phrases.read(order.phrase_key(phrase)) or b"" for phrase in order.phrases]
    opus = joined(parts)
    wav = AudioCache(calls_folder(settings.data)).read(order.wav_key)
    out.write_bytes((wav or b"") if as_wav else opus)
    write_line(f"{out}: {seconds(opus):.1f} s")
    return 0


def _render(hall: Hall, settings: Settings, numbers: int) -> int:
    if hall.choice.is_off:
        raise CommandRefused("The site's voice is off (policy: voice).")
    captions = [
        call_phrases(f"{prefix}-{value:03}", "", 1, mode=hall.choice.mode)[0]
        for value in range(1, numbers + 1)
        for prefix in hall.prefixes
    ]
    captions += [call_phrases("A-001", place, 1)[1] for place in hall.places]
    clips = clips_folder(settings.data)
    orders = [hall.choice.order(caption, clips) for caption in captions]
    phrases = AudioCache(phrases_folder(settings.data))
    missing = [
        order
        for order in orders
        if not phrases.read(order.phrase_key(order.phrases[0]))
    ]
    write_line(f"{len(orders)} sentences, {len(missing)} of them to be made.")
    error = asyncio.run(_rendered(missing, settings, ahead=True))
    if error:
        sys.stderr.write(f"The voice stopped: {error}.\n")
    return 1 if error else 0


def _clips(hall: Hall, settings: Settings, language: Language) -> int:
    folder = clips_folder(settings.data)
    names = needed_clips(hall.prefixes, hall.places, hall.choice, language)
    missing = [name for name in names if find_clip(folder, language, name) is None]
    for name in names:
        mark = "missing" if name in missing else "there"
        write_line(f"{mark}\t{language}/{name}.wav")
    write_line(f"{len(names)} clips, {len(missing)} of them missing in {folder}.")
    return 1 if missing else 0


async def _rendered(
    orders: Sequence[Order], settings: Settings, *, ahead: bool = False
) -> str | None:
    """Render some orders; returns why not, or None."""
    process = RenderingProcess(settings.data, ahead=ahead)
    try:
        for order in orders:
            await process.render(order)
    except RenderingFailed as error:
        return str(error)
    finally:
        await process.stop()
    return None
