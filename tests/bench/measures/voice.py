"""The voice: how soon a call's audio is there, and what it costs to render ahead."""

import asyncio
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

from app.voice.audio_cache import AudioCache
from app.voice.folders import clips_folder, phrases_folder
from app.voice.rendering_process import RenderingProcess
from app.voice.voice_choice import VoiceChoice
from tests.bench.measurement import measure
from tests.bench.sample import Sample, Table, figure, ratio
from tests.bench.setup.clients import Clients, request
from tests.bench.setup.environment import Environment, Server
from tests.bench.setup.site import BenchCounter, Site
from tests.bench.target import Target

HEAD = ("measured", "times", "p50 ms", "p99 ms")
DAY_NUMBERS = 2_000
DAY_SECONDS = 8 * 3600
SLICES = 4
ISSUERS = 4
READY_SECONDS = 1.0
NOTES = (
    "Audio is asked for as soon as a call is answered. Of a number that is called right"
    " behind its issue nothing is rendered yet, at most the way to the counter.",
)


async def voice(environment: Environment, seconds: float) -> Table:
    """Measure audio right behind its call, again, and issuing while it renders."""
    site = environment.site("voice")
    with environment.antrean(site, ANTREAN_VOICE="true") as speaking:
        async with Clients(speaking.port, 1) as client:
            ahead = await _calls_of_numbers_ahead(client, site, seconds)
            new, ready = await _calls(client, site, seconds, ahead)
        with environment.antrean(environment.site("mute")) as mute:
            issue, beside = await _issues(site, speaking, mute, seconds)
    cpu = await _day_percent(environment.folder / "ahead", seconds)
    slower = ratio(beside.cpu_each(), issue.cpu_each())
    rows = [
        _row("audio of a call whose number was issued before", ahead),
        _row("audio of a call right behind the issue", new),
        _row("the same once more", ready),
        _row(f"a ticket, {ISSUERS} clients, without a voice", issue),
        _row("a ticket beside the rendering of those before", beside),
    ]
    targets = [
        Target("a call's audio", "p99 ms", ahead.quantile(0.99), 150, 150),
        Target("audio that is ready", "p99 ms", ready.quantile(0.99), 5, 5),
        Target(f"{DAY_NUMBERS:,} numbers ahead", "% of a core, 8 h", cpu, 2, 2),
        Target("a ticket beside rendering", "CPU of one without", slower, 1.1, 1.2),
    ]
    return Table("Voice", HEAD, rows, NOTES, targets)


async def _calls_of_numbers_ahead(
    client: Clients, site: Site, seconds: float
) -> Sample:
    """Issue for some counters, let that be rendered, call, listen, serve."""
    counters = site.counters[: max(2, int(seconds * 4))]
    sample, other = Sample(), Sample()
    touches = [counter.command("open") for counter in site.counters]
    touches += [site.issue(counter.service_ids[0]) for counter in counters]
    other += await client.run(iter(touches))
    await _all_rendered(AudioCache(phrases_folder(site.folder)))
    for announcement, counter in enumerate(counters, start=1):
        other += await client.run(iter([counter.command("call-next")]))
        sample += await client.run(iter([_audio(counter, announcement)]))
        other += await client.run(iter([counter.command("serve")]))
    if sample.refused or other.refused:
        raise RuntimeError("a request was refused")
    return sample


async def _all_rendered(cache: AudioCache) -> None:
    """Wait until nothing more is rendered ahead."""
    before = -1
    while before < (now := cache.size()[0]) or not now:
        before = now
        await asyncio.sleep(READY_SECONDS)


async def _calls(
    client: Clients, site: Site, seconds: float, former: Sample
) -> tuple[Sample, Sample]:
    """Issue, call, listen, listen again, serve; round after round at all counters."""
    new, ready, other = Sample(), Sample(), Sample()
    kinds = (new, ready)
    first = len(former.took) + 1
    for announcement, counter in enumerate(cycle(site.counters), start=first):
        touches = [site.issue(counter.service_ids[0]), counter.command("call-next")]
        other += await client.run(iter(touches))
        for sample in kinds:
            sample += await client.run(iter([_audio(counter, announcement)]))
        other += await client.run(iter([counter.command("serve")]))
        enough = new.seconds + other.seconds >= seconds
        if enough:
            break
    if new.refused or ready.refused or other.refused:
        raise RuntimeError("a request was refused")
    return new, ready


async def _issues(
    site: Site, speaking: Server, mute: Server, seconds: float
) -> tuple[Sample, Sample]:
    """Issue at both servers in turns."""
    without, beside = Sample(), Sample()
    async with (
        Clients(mute.port, ISSUERS) as quiet,
        Clients(speaking.port, ISSUERS) as loud,
    ):
        for _ in range(SLICES):
            part = seconds / SLICES
            without += await measure(mute, quiet, site.issues_for(part))
            beside += await measure(speaking, loud, site.issues_for(part))
    return without, beside


async def _day_percent(folder: Path, seconds: float) -> float:
    """Return the share of a core that a day's numbers take, rendered ahead."""
    process = RenderingProcess(folder, ahead=True)
    choice = VoiceChoice("espeak", "digits")
    count = max(2, int(seconds * 10))
    try:
        for number in range(1, count + 1):
            caption = f"Nomor antrean A, B, {number}."
            await process.render(choice.order(caption, clips_folder(folder)))
    finally:
        await process.stop()
    return process.cpu_seconds / count * DAY_NUMBERS / DAY_SECONDS * 100


def _audio(counter: BenchCounter, announcement: int) -> bytes:
    path = f"/api/v1/announcements/{announcement}/audio"
    return request("GET", path, b"", cookie=counter.cookie)


def _row(name: str, sample: Sample) -> Sequence[str]:
    p50, p99 = (figure(sample.quantile(share)) for share in (0.5, 0.99))
    return (name, str(len(sample.took)), p50, p99)
