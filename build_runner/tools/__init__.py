"""Node and the package managers, fetched once and kept."""
