"""What every shape is made of."""

from base64 import b64encode

Shape = dict[str, object]
"""A JSON object."""


def node_id(kind: str, number: int | str) -> str:
    """Return the id that GraphQL would know the thing by. Opaque, but the same every time."""
    return b64encode(f"{kind}:{number}".encode()).decode()
