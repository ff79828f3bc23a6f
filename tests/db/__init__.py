"""The database's own part: what every rule rests on."""
