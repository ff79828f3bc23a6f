"""Every text is readable on its ground in every theme (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re

import pytest

from app.web.static import assets

BLOCK = re.compile(r"([^{}]+)\{([^{}]*)\}")
COLOUR = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6});")
THEMES = ['[data-theme="light"]', '[data-theme="dark"]', '[data-contrast="high"]']

TEXTS = [
    *((text, ground) for ground in ("ground", "surface")
      for text in ("ink", "ink-muted", "link", "called", "danger", "warning", "info",
                   "success", "brand")),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-danger", "danger"),
    ("danger", "danger-ground"),
    ("warning", "warning-ground"),
    ("info", "info-ground"),
    ("success", "success-ground"),
]  # fmt: skip
HALL = [
    *((text, ground) for ground in ("ground", "surface") for text in ("ink", "called")),
    ("on-alarm", "alarm"),
    ("alarm-title", "alarm"),
]
EDGES = [
    (edge, ground) for edge in ("edge", "focus") for ground in ("ground", "surface")
]


def palette(theme: str) -> dict[str, str]:
    """Return the colours that hold under `theme`, as the cascade gives them."""
    css = assets()["web/tokens.css"].file.read_text(encoding="utf-8")
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for selectors, body in BLOCK.findall(css):
        if theme in [each.strip() for each in selectors.split(",")]:
            return dict(COLOUR.findall(body))
    raise LookupError(theme)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_agrees_with_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_is_readable(theme: str, text: str, ground: str) -> None:
    colours = palette(theme)

    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), HALL)
def test_calls_and_alarms_are_readable_from_far(
    theme: str, text: str, ground: str
) -> None:
    colours = palette(theme)

    assert contrast(colours[text], colours[ground]) >= 7


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_and_focus_are_seen(theme: str, edge: str, ground: str) -> None:
    colours = palette(theme)

    assert contrast(colours[edge], colours[ground]) >= 3


def test_every_theme_sets_every_colour() -> None:
    light, dark, high = (set(palette(theme)) for theme in THEMES)

    assert light == dark == high


def test_high_contrast_is_black_white_and_yellow() -> None:
    assert set(palette(THEMES[2]).values()) == {"#000000", "#ffffff", "#ffff00"}
