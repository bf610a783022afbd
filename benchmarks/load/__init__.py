"""Load generators: they ask a server as often as it answers."""
