"""What every page stands on: words, templates, static files, the manual, problems."""
