"""Pages that only the demo has; replaced below once they exist."""

from fastapi import APIRouter

router = APIRouter()
