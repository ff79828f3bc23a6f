"""The audit: who did what, when, from which device; also as CSV."""

import csv
import io
import json
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from app.api.http.inputs import PlainText
from app.api.routing.direct_route import api_router
from app.auth.access import Admin
from app.auth.audit import AuditFilter, AuditView, audit_views
from app.clock import iso
from app.context import context_of

router = api_router("audit")

Word = Annotated[PlainText | None, Query(max_length=100)]
# what a spreadsheet would take for a formula (OWASP, "CSV Injection")
_FORMULA = ("=", "+", "-", "@", "\t")


async def wanted_rows(
    first_day: Annotated[date | None, Query(alias="from")] = None,
    last_day: Annotated[date | None, Query(alias="to")] = None,
    actor: Word = None,
    kind: Word = None,
) -> AuditFilter:
    """Return which rows are asked for."""
    return AuditFilter(first_day, last_day, actor, kind)


Wanted = Annotated[AuditFilter, Depends(wanted_rows)]


@router.get("/audit", response_model=list[AuditView])
async def audit(request: Request, _who: Admin, wanted: Wanted) -> list[AuditView]:
    """List what was done, newest first."""
    return await context_of(request).readers.read(partial(audit_views, wanted=wanted))


@router.get(
    "/audit.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}},
)
async def audit_csv(request: Request, _who: Admin, wanted: Wanted) -> Response:
    """List the same as CSV, with the names of the JSON as heads."""
    rows = await context_of(request).readers.read(partial(audit_views, wanted=wanted))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(AuditView.model_fields)
    for row in rows:
        writer.writerow(_cells(row))
    return Response(text.getvalue(), media_type="text/csv")


def _cells(row: AuditView) -> list[str]:
    values = {**row.model_dump(), "at": iso(row.at), "details": json.dumps(row.details)}
    texts = ["" if value is None else str(value) for value in values.values()]
    return [f"'{text}" if text.startswith(_FORMULA) else text for text in texts]
