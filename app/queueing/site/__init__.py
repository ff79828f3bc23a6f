"""What the site decides: hours, quotas, policy; and so whether numbers are given."""
