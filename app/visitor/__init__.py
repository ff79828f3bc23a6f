"""Surface: visitor."""

from fastapi import APIRouter

router = APIRouter()
