"""The import file and the demo mall."""
