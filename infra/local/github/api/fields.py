"""Fields: reads the body of a request, and says what is wrong with it as GitHub does."""

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from battleshiper.infra.local.github.api.errors import InvalidError


class Fields:
    """The fields of a request that is about one kind of `resource`. Every method raises InvalidError."""

    def __init__(self, resource: str, body: Mapping[str, object]) -> None:
        self._resource = resource
        self._body = body

    def __contains__(self, name: str) -> bool:
        return name in self._body

    def text(self, name: str, default: str | None = None, *, maximum: int = 0) -> str:
        """Return a text, at most `maximum` characters long; one that is needed when there is no `default`."""
        value = self._body.get(name)
        if value is None:
            if default is None:
                raise InvalidError(self._resource, name, "missing_field")
            return default
        if not isinstance(value, str):
            raise self.fault(name, f"{name} must be a string")
        if maximum and len(value) > maximum:
            raise self.fault(name, f"{name} is too long (maximum is {maximum} characters)")
        return value

    def optional_text(self, name: str, *, maximum: int = 0) -> str | None:
        """Return a text or None."""
        return None if self._body.get(name) is None else self.text(name, maximum=maximum)

    def choice(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        """Return one of `choices`."""
        value = self.text(name, default)
        if value not in choices:
            raise InvalidError(self._resource, name, "invalid", f"{name} is not one of {', '.join(choices)}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a boolean."""
        value = self._body.get(name, default)
        if not isinstance(value, bool):
            raise self.fault(name, f"{name} must be a boolean")
        return value

    def url(self, name: str) -> str:
        """Return an http or https URL, or nothing."""
        value = self.text(name, "")
        try:
            good = not value or (urlsplit(value).scheme in ("http", "https") and bool(urlsplit(value).hostname))
        except ValueError:
            good = False
        if not good:
            raise self.fault(name, f"{name} must use http(s) scheme")
        return value

    def value(self, name: str) -> object:
        """Return whatever is there, or None."""
        return self._body.get(name)

    def fault(self, name: str, message: str) -> InvalidError:
        """Return the error that says `message` about a field."""
        return InvalidError(self._resource, name, "custom", message)
