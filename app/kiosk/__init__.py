"""Surface: kiosk."""

from fastapi import APIRouter

router = APIRouter()
