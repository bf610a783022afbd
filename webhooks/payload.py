"""How payloads are read: small models of our own, strict on what is used and blind to the rest.

GitHub adds fields at any time, so unknown ones are let pass. Of equal keys in an object the last one counts.
"""

import json
import re
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from battleshiper.webhooks.refusal import MalformedError

GitHubId = Annotated[int, Field(gt=0, lt=2**63)]
"""A number by which GitHub knows a thing for ever; SQLite's integers and JSON's reach as far."""

_MAX_NAME = 255


class Part(BaseModel):
    """Some part of a payload."""

    model_config = ConfigDict(strict=True, frozen=True)


class Account(Part):
    """A user, an organisation or an enterprise."""

    id: GitHubId
    login: str = Field(max_length=_MAX_NAME, validation_alias=AliasChoices("login", "slug"))


class Sender(Part):
    """Who set the event off."""

    id: GitHubId


class InstalledApp(Part):
    """The installation that an event is about."""

    id: GitHubId
    account: Account


class NamedRepository(Part):
    """A repository in a list."""

    id: GitHubId
    full_name: str = Field(max_length=_MAX_NAME, pattern="^[^/]+/[^/]+$")


class Unused(Part):
    """The payload of an event that nothing is done on, whatever it looks like."""

    action: Any = None
    repository: Any = None

    @property
    def action_name(self) -> str | None:
        """The action, where it is one that can be recorded."""
        return self.action if isinstance(self.action, str) and re.fullmatch(r"[a-z_]{1,64}", self.action) else None

    @property
    def repository_name(self) -> str | None:
        """The repository's `owner/name`, where there is one that can be recorded."""
        name = self.repository.get("full_name") if isinstance(self.repository, dict) else None
        return name if isinstance(name, str) and len(name) <= _MAX_NAME else None


P = TypeVar("P", bound=BaseModel)


def read(model: type[P], text: bytes | bytearray) -> P:
    """Return `text` as a `model`; raises MalformedError that names the field but quotes no value.

    Nesting is bounded by the parser, which gives up at 200 levels.
    """
    # The parser takes NaN and Infinity, which JSON (RFC 8259 6) does not have; most payloads have not even the words.
    if b"NaN" in text or b"Infinity" in text:
        _check_constants(text)
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        what = f"at `{place}`: {fault['msg']}" if place else fault["msg"]
        raise MalformedError(f"The payload cannot be read, {what}.") from None


def _check_constants(text: bytes | bytearray) -> None:
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except MalformedError:
        raise
    except (ValueError, RecursionError):
        raise MalformedError("The payload is not JSON.") from None


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedError(f"The payload is not JSON: it has {name} in it.")
