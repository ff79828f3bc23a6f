"""Demo only: a browser becomes a kiosk or a display without an admin's approval."""

from sqlalchemy import Connection, func, select

from app.auth.devices import add_token
from app.errors import NotFound
from app.queueing import rows
from app.queueing.change import Change

_WIDEST_FIRST = (
    select(rows.device.c.id)
    .select_from(
        rows.device.outerjoin(
            rows.display_zone, rows.display_zone.c.device_id == rows.device.c.id
        )
    )
    .where(rows.device.c.is_retired.is_(False))
    .group_by(rows.device.c.id)
    .order_by(func.count(rows.display_zone.c.zone_id).desc(), rows.device.c.id)
    .limit(1)
)


def device_to_become(db: Connection, *, kind: str, requested_id: int | None) -> int:
    """Return the device to become: the requested one, if it is of this kind.

    Otherwise the first kiosk, or the display that shows most zones: the
    hall's. Raises ``NotFound`` when there is none such.
    """
    fitting = _WIDEST_FIRST.where(rows.device.c.kind == kind)
    if requested_id is not None:
        fitting = fitting.where(rows.device.c.id == requested_id)
    device_id = db.execute(fitting).scalar()
    if device_id is None:
        raise NotFound
    return int(device_id)


def become(
    db: Connection, change: Change, *, kind: str, requested_id: int | None, secret: str
) -> int:
    """Give a browser a device's token, revocable like any other; returns the device."""
    device_id = device_to_become(db, kind=kind, requested_id=requested_id)
    add_token(db, change, device_id=device_id, secret=secret)
    return device_id
