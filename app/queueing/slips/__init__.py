"""Print jobs: queued with the ticket, tried, reprinted; how printers are."""
