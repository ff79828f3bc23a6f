"""Surface: the kiosk, where a visitor touches a screen and gets a number."""

from app.kiosk.routes import router

__all__ = ["router"]
