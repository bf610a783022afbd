"""What a delivery's headers say, read before its body is.

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from battleshiper.webhooks.refusal import MalformedError, SignatureRefusedError, TooLargeError, UnreadableError

MAX_BODY_BYTES = 25 * 1024 * 1024
"""GitHub caps payloads at 25 MB and drops the event above that."""

_SIGNATURE = b"x-hub-signature-256"
_EVENT = b"x-github-event"
_DELIVERY = b"x-github-delivery"
_TARGET_TYPE = b"x-github-hook-installation-target-type"
_TARGET_ID = b"x-github-hook-installation-target-id"
_CONTENT_TYPE = b"content-type"
_CONTENT_ENCODING = b"content-encoding"
_CONTENT_LENGTH = b"content-length"
_READ = frozenset(
    (_SIGNATURE, _EVENT, _DELIVERY, _TARGET_TYPE, _TARGET_ID, _CONTENT_TYPE, _CONTENT_ENCODING, _CONTENT_LENGTH)
)

_EVENT_NAME = re.compile(rb"[a-z][a-z0-9_]{0,63}")
# A GUID as GitHub sends it, or what other senders put there; it is shown in terminals and is a key in the store.
_DELIVERY_ID = re.compile(rb"[0-9A-Za-z][0-9A-Za-z._:-]{0,99}")
_JSON = b"application/json"
_FORM = b"application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Labels:
    """What the headers of a request with a good signature say about its body."""

    delivery_id: str
    event: str
    app: str | None
    """The id of the App that the delivery is for; None for the webhook of a repository or an organisation."""
    is_form: bool
    """True for a form with the JSON in its field `payload`, False for JSON."""


class Headers:
    """The headers of one request."""

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[bytes, bytes] = {}
        self._repeated: set[bytes] = set()
        for name, value in raw:
            # A set look-up with the name as it is settles nearly every header: servers hand them over in lower case.
            key = name if name in _READ else name.lower()
            if key in _READ:
                if key in self._values:
                    self._repeated.add(key)
                self._values[key] = value

    def signature(self) -> bytes:
        """Return the one signature; raises SignatureRefusedError when there is none, or more than one."""
        value = self._values.get(_SIGNATURE)
        if value is None:
            raise SignatureRefusedError("The request has no X-Hub-Signature-256. Set a secret for the App's webhook.")
        if _SIGNATURE in self._repeated:
            raise SignatureRefusedError("The request has more than one X-Hub-Signature-256.")
        return value

    def check_length(self) -> None:
        """Raise TooLargeError when the request says itself that its body is too large."""
        length = self._values.get(_CONTENT_LENGTH, b"0")
        # More digits than the limit has are too many, whatever number they make.
        if not length.isdigit() or len(length) > 20 or int(length) > MAX_BODY_BYTES:
            raise TooLargeError(f"The body must not be larger than {MAX_BODY_BYTES} bytes.")

    def labels(self) -> Labels:
        """Read what describes the body; raises UnreadableError or MalformedError."""
        if self._repeated:
            name = min(self._repeated).decode()
            raise MalformedError(f"The header {name} is there more than once.")
        is_form = self._is_form()
        event = self._required(_EVENT, _EVENT_NAME, "X-GitHub-Event")
        delivery_id = self._required(_DELIVERY, _DELIVERY_ID, "X-GitHub-Delivery")
        app = None
        if self._values.get(_TARGET_TYPE) == b"integration" and _TARGET_ID in self._values:
            app = self._values[_TARGET_ID].decode("latin-1")
        return Labels(delivery_id, event, app, is_form)

    def _is_form(self) -> bool:
        if self._values.get(_CONTENT_ENCODING, b"identity").strip().lower() != b"identity":
            raise UnreadableError("The body is compressed; send it as it is.")
        content_type = self._values.get(_CONTENT_TYPE, b"")
        if content_type == _JSON:
            return False
        media_type = content_type.partition(b";")[0].strip().lower()
        if media_type not in (_JSON, _FORM):
            raise UnreadableError("The content type must be application/json or application/x-www-form-urlencoded.")
        return media_type == _FORM

    def _required(self, name: bytes, form: re.Pattern[bytes], title: str) -> str:
        value = self._values.get(name)
        if value is None:
            raise MalformedError(f"The request has no {title}.")
        if form.fullmatch(value) is None:
            raise MalformedError(f"The header {title} is not one that GitHub sends.")
        return value.decode("ascii")
