"""The bus as a table in SQLite and threads that work it off."""
