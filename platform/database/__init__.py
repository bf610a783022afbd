"""The one SQLite file that a platform on one machine keeps everything in that must never be lost."""
