"""Text from outside, made fit for the database."""


def storable(text: str) -> str:
    """Return `text` with a question mark for each lone surrogate, which JSON can carry and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
