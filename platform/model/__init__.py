"""The words of the platform as data: no I/O, importable by every other folder."""
