"""Which names of a mall a slip cannot show: its font has not every script."""

from collections.abc import Iterator

from app.importing.problems import MallWarning
from app.importing.schema import Mall
from printer.slips.raster import unprintable_characters


def unprintable_texts(mall: Mall) -> Iterator[MallWarning]:
    """Return a warning for each text of a slip with characters that print as a box."""
    for where, text in _texts_on_slips(mall):
        # said and not refused: the name is right, it is the font that falls short
        if lost := unprintable_characters(text):
            reason = f"the slip's font lacks {lost}: each prints as a box."
            yield MallWarning(where, reason)


def _texts_on_slips(mall: Mall) -> Iterator[tuple[str, str]]:
    yield "site.name", mall.site.name
    for zone in mall.zones:
        yield f"zones.{zone.code}.name", zone.name
        yield f"zones.{zone.code}.name_en", zone.name_en or ""
    for agency in mall.agencies:
        path = f"agencies.{agency.code}"
        yield f"{path}.name", agency.name
        yield f"{path}.name_en", agency.name_en
        for service in agency.services:
            service_path = f"{path}.services.{service.code}"
            yield f"{service_path}.name", service.name
            yield f"{service_path}.name_en", service.name_en
            for document in service.documents or ():
                yield f"{service_path}.documents", document
            for document in service.documents_en or ():
                yield f"{service_path}.documents_en", document
