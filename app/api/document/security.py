"""By which credential a call is made (contract.md#who-asks)."""

from typing import Any

from app.auth.access import PASSWORD_OWNERS, Allow, AllowToken
from app.auth.cookies import DEVICE_COOKIES, STAFF_COOKIE
from app.auth.credentials import LOCAL
from app.models.states import DeviceKind

STAFF = "staffCookie"
TOKEN = "deviceToken"  # noqa: S105 (a scheme's name)
_COOKIE_OF: dict[str, str] = {
    kind: f"{name}Cookie"
    for kind, name in (
        (DeviceKind.KIOSK, "kiosk"),
        (DeviceKind.DISPLAY, "display"),
        (DeviceKind.PRINT_AGENT, "printAgent"),
    )
}


def security_schemes() -> dict[str, Any]:
    """Return every way in which a request may say whose it is."""
    return {
        STAFF: _cookie(STAFF_COOKIE, "A member of staff who has signed in."),
        TOKEN: {
            "type": "http",
            "scheme": "bearer",
            "description": "A device's token; of the role local, the secret in the"
            " server's own folder. Beside it no cookie is looked at.",
        },
        **{
            scheme: _cookie(
                DEVICE_COOKIES[DeviceKind(kind)], f"A browser that is a {kind}."
            )
            for kind, scheme in _COOKIE_OF.items()
        },
    }


def security_of(allow: Allow | None) -> list[dict[str, list[str]]]:
    """Return which credential a call needs, with the roles that it takes.

    Empty where anyone may. That roles stand beside a scheme is OpenAPI 3.1's
    "Security Requirement Object".
    """
    if allow is None:
        return []
    staff = [str(role) for role in allow.roles if role in PASSWORD_OWNERS]
    bearers = [str(role) for role in (*DeviceKind, LOCAL) if role in allow.roles]
    security: list[dict[str, list[str]]] = []
    if staff:
        security.append({STAFF: staff})
    if bearers:
        security.append({TOKEN: bearers})
    if not isinstance(allow, AllowToken):
        security += [{_COOKIE_OF[each]: [each]} for each in bearers if each != LOCAL]
    return security


def _cookie(name: str, description: str) -> dict[str, str]:
    return {
        "type": "apiKey",
        "in": "cookie",
        "name": name,
        "description": description,
    }
