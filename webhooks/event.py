"""From headers and a raw body to an event that is known to come from GitHub. No I/O.

Nothing is parsed before the signature over the raw bytes is found good.
"""

from dataclasses import dataclass
from urllib.parse import parse_qs

from battleshiper.webhooks.headers import MAX_BODY_BYTES, Headers
from battleshiper.webhooks.refusal import MalformedError, TooLargeError
from battleshiper.webhooks.signature import Signatures

_MAX_FORM_FIELDS = 8


@dataclass(frozen=True, slots=True)
class VerifiedEvent:
    """An event that was signed with our secret. Its payload is still only text."""

    delivery_id: str
    name: str
    app: str | None
    """The id of the App that it is for; None for the webhook of a repository or an organisation."""
    text: bytes | bytearray
    """What should be a JSON object."""


def verify(headers: Headers, body: bytes | bytearray, signatures: Signatures) -> VerifiedEvent:
    """Return the event that a request carries; raises the RefusedError that tells what is wrong with it."""
    signature = headers.signature()
    if len(body) > MAX_BODY_BYTES:
        raise TooLargeError(f"The body must not be larger than {MAX_BODY_BYTES} bytes.")
    signatures.verify(signature, body)
    labels = headers.labels()
    text = _payload_field(body) if labels.is_form else body
    return VerifiedEvent(labels.delivery_id, labels.event, labels.app, text)


def _payload_field(body: bytes | bytearray) -> bytes:
    try:
        fields = parse_qs(bytes(body), keep_blank_values=True, strict_parsing=True, max_num_fields=_MAX_FORM_FIELDS)
    except ValueError as error:
        raise MalformedError("The body is not a form.") from error
    values = fields.get(b"payload", [])
    if len(values) != 1:
        raise MalformedError("The form must have one field `payload`.")
    return values[0]
