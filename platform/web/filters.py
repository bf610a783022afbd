"""What templates can do with the platform's things."""

import re
from collections.abc import Callable
from datetime import datetime

from jinja2 import Environment
from markupsafe import Markup, escape

from battleshiper.platform.web import words
from battleshiper.platform.web.tile import draw_tile

_CODE = re.compile("`([^`]+)`")


def add_filters(templates: Environment, clock: Callable[[], datetime]) -> None:
    """Let templates write times, sizes and names as `words` does, and draw tiles."""
    templates.globals["took"] = words.write_duration
    templates.filters["age"] = lambda moment: words.write_age(moment, clock())
    templates.filters["moment"] = words.write_moment
    templates.filters["machine"] = words.write_machine_moment
    templates.filters["size"] = words.write_size
    templates.filters["title_of"] = words.write_title
    templates.filters["branch"] = words.write_branch
    templates.filters["origin"] = words.write_origin
    templates.filters["shorten"] = words.shorten
    templates.filters["coded"] = mark_code
    templates.filters["tile"] = lambda name: Markup(draw_tile(name))  # noqa: S704 - drawn of numbers alone


def mark_code(text: str) -> Markup:
    """Return a sentence with what stands between backticks as code, and nothing else of it as markup."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before
