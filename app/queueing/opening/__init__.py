"""When numbers are given and visitors served: hours, quotas, policy, closures."""
