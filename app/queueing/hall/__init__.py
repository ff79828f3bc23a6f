"""What the hall sees and hears: announcements, speaking devices, receipts, quiet."""
