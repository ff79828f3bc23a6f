"""What several commands share: options, folders, the server, the terminal."""
