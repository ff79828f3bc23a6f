"""What a running day forbids: found before the first row is written."""
