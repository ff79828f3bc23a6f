"""The officer's console, and the forms by which all staff sign in."""

from fastapi import APIRouter

from counters import password, routes, sign_in

router = APIRouter()
router.routes += [
    *sign_in.router.routes,
    *password.router.routes,
    *routes.router.routes,
]
