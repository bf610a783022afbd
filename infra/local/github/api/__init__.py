"""The REST API, at `/api/v3`."""
