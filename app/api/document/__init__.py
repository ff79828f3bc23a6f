"""The OpenAPI document: what FastAPI says of the routes, and what they refuse."""
