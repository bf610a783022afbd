"""What every shape is made of."""

from base64 import b64encode

Shape = dict[str, object]
"""A JSON object."""

_REACTIONS = ("+1", "-1", "confused", "eyes", "heart", "hooray", "laugh", "rocket")


def node_id(kind: str, number: int | str) -> str:
    """Return the id that GraphQL would know the thing by. Opaque, but the same every time."""
    return b64encode(f"{kind}:{number}".encode()).decode()


def no_reactions(url: str) -> Shape:
    """Return that nobody has reacted to the thing at `url`."""
    return {"url": f"{url}/reactions", "total_count": 0, **dict.fromkeys(_REACTIONS, 0)}
