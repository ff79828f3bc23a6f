"""The officer's console, and the forms by which all staff sign in."""

from fastapi import APIRouter

from counters import password, routes, sign_in

router = APIRouter()
router.include_router(sign_in.router)
router.include_router(password.router)
router.include_router(routes.router)
