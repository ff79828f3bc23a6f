"""Routes of displays and of the hall: boards, receipts, quiet, an evacuation."""
