"""Surface: displays."""

from fastapi import APIRouter

router = APIRouter()
