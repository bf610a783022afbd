"""The page of the sample site that the story changes."""

import re
from collections.abc import Callable

_PAGE = "src/routes/+page.svelte"


def edit_headline(text: str) -> tuple[str, Callable[[str], str]]:
    """Return the page's file, and what edits it to have this headline."""
    return _PAGE, lambda source: re.sub(r"<h1>.*?</h1>", f"<h1>{text}</h1>", source, count=1, flags=re.DOTALL)
