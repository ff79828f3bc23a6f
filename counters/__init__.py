"""The officer's console, and the form by which all staff sign in."""

from fastapi import APIRouter

from counters import routes, sign_in

router = APIRouter()
router.include_router(sign_in.router)
router.include_router(routes.router)
