"""What is personal goes after the days of the policy (security.md#retention).

Tickets' private rows and handover notes; sign-ins, pairings and tokens that are over.
Each batch has a row of the audit in its own transaction.
"""

from app.auth.retention.removal import is_any_outdated, keep_retention, remove_outdated

__all__ = ["is_any_outdated", "keep_retention", "remove_outdated"]
