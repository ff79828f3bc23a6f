"""All that a mall may be and yet fails its visitors: said before it becomes so."""

from collections.abc import Iterator

from app.importing.legibility.alike_names import names_alike
from app.importing.legibility.display_names import names_cut_on_displays
from app.importing.legibility.display_sizes import displays_too_small
from app.importing.legibility.font_coverage import unprintable_texts
from app.importing.problems import MallWarning
from app.importing.public_url import WARNINGS, public_url_warning
from app.importing.schema import Mall


def warnings_of(mall: Mall) -> list[MallWarning]:
    """Return what whoever imports a mall has to know before it is changed."""
    return [
        *_about_public_url(mall),
        *names_alike(mall),
        *unprintable_texts(mall),
        *names_cut_on_displays(mall),
        *displays_too_small(mall),
    ]


def _about_public_url(mall: Mall) -> Iterator[MallWarning]:
    url = mall.site.public_url
    if code := public_url_warning(url):
        yield MallWarning("site.public_url", f"{url}: {WARNINGS[code]}.")
