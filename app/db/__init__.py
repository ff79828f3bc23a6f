"""The database: engines over the site's file, and its migrations."""
