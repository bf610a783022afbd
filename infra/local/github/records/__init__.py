"""What the stand-in remembers, in SQLite."""
