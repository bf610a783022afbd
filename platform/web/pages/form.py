"""What a form sends."""

import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from anyio.from_thread import run
from starlette.requests import Request

from battleshiper.platform.model.variable import MAX_VALUE_BYTES
from battleshiper.platform.web.viewer import Viewer

_MOST_BYTES = 4 * MAX_VALUE_BYTES
"""Of a form: its longest value with what encoding makes of it, and some more."""
_MOST_FIELDS = 20
_KIND = "application/x-www-form-urlencoded"


class FormRefusedError(Exception):
    """Nothing was done, because the form is not one of ours; the message says what to do."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


class Form:
    """Texts by the names of their fields, with line ends as a value in a file has them."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        """Return a field, empty where it was not sent."""
        return self._fields.get(name, ("",))[0].replace("\r\n", "\n")

    def has(self, name: str) -> bool:
        """Tell whether a field was sent, as a chosen checkbox is."""
        return name in self._fields


def read_form(request: Request, viewer: Viewer) -> Form:
    """Return what the viewer sent; raises FormRefusedError for what another site made their browser send."""
    form = Form(_read_fields(request))
    token = form.text("csrf_token")
    if not viewer.csrf_token or not hmac.compare_digest(token.encode(), viewer.csrf_token.encode()):
        raise FormRefusedError(
            403, "This form is too old, or not from this page. Go back, load the page again and retry."
        )
    return form


def _read_fields(request: Request) -> Mapping[str, Sequence[str]]:
    length = request.headers.get("content-length", "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _KIND or not length.isdecimal():
        raise FormRefusedError(415, f"A form is sent as {_KIND}, with its Content-Length.")
    if len(length) > 9 or int(length) > _MOST_BYTES:
        raise FormRefusedError(413, f"The form is too long: it may have {_MOST_BYTES:,} bytes.")
    try:
        return parse_qs(
            run(request.body).decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise FormRefusedError(400, "The form cannot be read: it must be text in UTF-8.") from error
