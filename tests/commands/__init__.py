"""The commands of a technician."""
