"""Reading forms."""

from urllib.parse import parse_qsl

from starlette.requests import Request

_MAX_BYTES = 256 * 1024
_MAX_FIELDS = 500
_MEDIA_TYPE = "application/x-www-form-urlencoded"


class FormRefusedError(ValueError):
    """A form cannot be read; the message says why."""


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form as browsers send it, the last of each name; raises FormRefusedError."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _MEDIA_TYPE:
        raise FormRefusedError(f"A form is sent as {_MEDIA_TYPE}.")
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > _MAX_BYTES:
            raise FormRefusedError(f"A form may have {_MAX_BYTES:,} bytes.")
    try:
        fields = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS, errors="strict")
    except ValueError:
        raise FormRefusedError("The form is not text in UTF-8, or has too many fields.") from None
    return dict(fields)
