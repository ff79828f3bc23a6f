"""The emulator's page as text: its paper, and the switches of its faults."""

from collections.abc import Sequence
from html import escape

from printer.emulator.printed_slip import PrintedSlip
from printer.emulator.server import PrinterEmulator
from printer.emulator.switches import SWITCHES, is_on
from printer.emulator.texts import FAULT_TEXTS, PAGE_TEXTS, Language, translated

MAX_SLIPS = 12

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} · {address}</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<main>
<h1>{title}</h1>
<p>{address}</p>
<p class="silence" data-silence role="status" hidden>{silence}</p>
{faults}
{slips}
</main>
<script type="module" src="/page.js"></script>
</body>
</html>
"""
_SWITCH = (
    '<form method="post" action="/faults">'
    '<input type="hidden" name="fault" value="{name}">'
    '<input type="hidden" name="on" value="{next}">'
    '<button aria-pressed="{pressed}">{word}</button></form>'
)
_SLIP = (
    '<li><a href="/slips/{id}.png"><img src="/slips/{id}.png" alt="{label}"></a>'
    "<p>{label} · {details}</p></li>"
)


def page_html(emulator: PrinterEmulator, language: Language) -> str:
    """Return the whole page."""
    return _PAGE.format(
        language=language,
        title=translated(PAGE_TEXTS, "title", language),
        silence=translated(PAGE_TEXTS, "silence", language),
        address=escape(str(emulator.address)),
        faults=_faults_html(emulator, language),
        slips=_slips_html(emulator.slips, language),
    )


def _faults_html(emulator: PrinterEmulator, language: Language) -> str:
    on = {name: is_on(emulator.faults, name) for name in SWITCHES}
    switches = "\n".join(
        _SWITCH.format(
            name=name,
            next="false" if pressed else "true",
            pressed="true" if pressed else "false",
            word=escape(translated(FAULT_TEXTS, name, language)),
        )
        for name, pressed in on.items()
    )
    state = " ".join(name for name, pressed in on.items() if pressed)
    label = translated(PAGE_TEXTS, "faults", language)
    return (
        f'<div class="faults" role="group" aria-label="{label}" data-part="faults"'
        f' data-state="{state}">\n{switches}\n</div>'
    )


def _slips_html(slips: Sequence[PrintedSlip], language: Language) -> str:
    newest = list(reversed(slips))[:MAX_SLIPS]
    items = "\n".join(_slip_html(slip, language) for slip in newest)
    none = "" if newest else f"<p>{translated(PAGE_TEXTS, 'none', language)}</p>"
    state = newest[0].id if newest else 0
    return (
        f'<div data-part="slips" data-state="{state}">{none}'
        f'<ol class="slips">\n{items}\n</ol></div>'
    )


def _slip_html(slip: PrintedSlip, language: Language) -> str:
    details = [f"{slip.received_at.astimezone():%H:%M:%S}"]
    if not slip.whole:
        details.append(translated(PAGE_TEXTS, "torn", language))
    if slip.unknown:
        unknown = translated(PAGE_TEXTS, "unknown", language)
        details.append(f"{unknown}: {len(slip.unknown)}")
    label = f"{translated(PAGE_TEXTS, 'slip', language)} {slip.headline or slip.id}"
    text = escape(" · ".join(details))
    return _SLIP.format(id=slip.id, label=escape(label), details=text)
