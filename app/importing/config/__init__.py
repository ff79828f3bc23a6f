"""The stored mall in the import file's form, and how another file differs from it."""
