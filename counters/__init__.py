"""Surface: counters."""

from fastapi import APIRouter

router = APIRouter()
