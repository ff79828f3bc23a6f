"""Which devices are paired, and by how many boxes."""

from sqlalchemy import Connection

from app.auth.devices import DeviceView, device_views
from app.errors import NotFound
from app.models.states import DeviceKind

SCREENS = (DeviceKind.KIOSK, DeviceKind.DISPLAY)


def screens(db: Connection) -> list[DeviceView]:
    """Return every kiosk and display of the site."""
    return [device for device in device_views(db) if device.kind in SCREENS]


def device_of_token(db: Connection, token_id: int) -> DeviceView:
    """Return the device whose good token this is; ``NotFound`` for any other."""
    for device in device_views(db):
        if any(token.id == token_id for token in device.tokens):
            return device
    raise NotFound
