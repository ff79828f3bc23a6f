"""Which names of a mall a slip cannot show: its font has not every script."""

from collections.abc import Iterator

from app.importing.schema import Mall
from printer.raster import lost_characters


def illegible(mall: Mall) -> Iterator[str]:
    """Return a sentence for each text of a slip with characters that print as a box."""
    for where, text in _on_slips(mall):
        if lost := lost_characters(text):
            yield f"{where}: the slip's font lacks {lost}: each prints as a box."


def _on_slips(mall: Mall) -> Iterator[tuple[str, str]]:
    yield "site.name", mall.site.name
    for zone in mall.zones:
        yield f"zones.{zone.code}.name", zone.name
    for agency in mall.agencies:
        place = f"agencies.{agency.code}"
        yield f"{place}.name", agency.name
        yield f"{place}.name_en", agency.name_en
        for service in agency.services:
            place_of = f"{place}.services.{service.code}"
            yield f"{place_of}.name", service.name
            yield f"{place_of}.name_en", service.name_en
            for document in service.documents or ():
                yield f"{place_of}.documents", document
