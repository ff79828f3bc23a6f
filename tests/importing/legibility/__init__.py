"""What the import tells of names before it changes the mall."""
