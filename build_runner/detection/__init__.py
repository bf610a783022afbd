"""Finding out how a repository is built. Pure decisions over its files."""
