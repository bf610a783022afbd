"""The manifest of an App: what is taken, and what is wrong with it.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_NEEDS: Mapping[str, tuple[str, ...]] = {
    "create": ("contents",),
    "delete": ("contents",),
    "issue_comment": ("issues", "pull_requests"),
    "pull_request": ("pull_requests",),
    "push": ("contents",),
    "repository": ("metadata",),
}
"""The events that can be subscribed to here, each with the permissions of which one is needed."""
_PERMISSIONS = ("checks", "contents", "deployments", "issues", "metadata", "pull_requests", "statuses")
_MAX_NAME = 34
_MAX_CALLBACK_URLS = 10
_MAX_TEXT = 64 * 1024


class ManifestError(ValueError):
    """The manifest is not one that GitHub takes; the message says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an App asks for. `webhook_url` is empty where its webhook is off."""

    name: str
    url: str
    webhook_url: str
    redirect_url: str
    setup_url: str
    callback_urls: tuple[str, ...]
    permissions: Mapping[str, str]
    events: tuple[str, ...]


def slug_of(name: str) -> str:
    """Return the part of addresses that stands for an App of this name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def read_manifest(text: str, name: str | None = None) -> Manifest:
    """Read a manifest; `name` is what the person chose instead of its own. Raises ManifestError."""
    if len(text) > _MAX_TEXT:
        raise ManifestError("manifest is too long")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise ManifestError("manifest is not valid JSON") from None
    if not isinstance(given, dict):
        raise ManifestError("manifest must be an object")
    hook = given.get("hook_attributes", {"active": False})
    if not isinstance(hook, dict):
        raise ManifestError("hook_attributes must be an object")
    hook_url = _url(hook, "url") if hook.get("active", True) else ""
    permissions = _permissions(given.get("default_permissions", {}))
    return Manifest(
        name=_name(given.get("name", "") if name is None else name),
        url=_url(given, "url"),
        webhook_url=hook_url,
        redirect_url=_url(given, "redirect_url", optional=True),
        setup_url=_url(given, "setup_url", optional=True),
        callback_urls=_callback_urls(given.get("callback_urls", [])),
        permissions=permissions,
        events=_events(given.get("default_events", []), permissions),
    )


def read_permissions(text: str) -> dict[str, str]:
    """Read permissions alone, an object of names and levels; raises ManifestError."""
    try:
        return _permissions(json.loads(text or "{}"))
    except (ValueError, RecursionError) as error:
        raise ManifestError(str(error)) from None


def _name(value: object) -> str:
    name = value.strip() if isinstance(value, str) else ""
    if len(name) > _MAX_NAME:
        raise ManifestError(f"Name is too long (maximum is {_MAX_NAME} characters)")
    return name


def _url(given: Mapping[str, object], name: str, *, optional: bool = False) -> str:
    value = given.get(name)
    if value is None and optional:
        return ""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        good = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise ManifestError(f"{name} must be a valid URL")
    return str(value)


def _callback_urls(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ManifestError("callback_urls must be an array")
    if len(value) > _MAX_CALLBACK_URLS:
        raise ManifestError(f"callback_urls are too many (maximum is {_MAX_CALLBACK_URLS})")
    return tuple(_url({"callback_urls": each}, "callback_urls") for each in value)


def _permissions(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ManifestError("default_permissions must be an object")
    for name, level in value.items():
        if name not in _PERMISSIONS or level not in ("read", "write"):
            raise ManifestError(f"Default permission records {name}: {level} is not supported")
    # GitHub gives it to every App that has another one.
    return {**({"metadata": "read"} if value else {}), **value}


def _events(value: object, permissions: Mapping[str, str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ManifestError("default_events must be an array of strings")
    unsupported = [each for each in value if not any(need in permissions for need in _NEEDS.get(each, ()))]
    if unsupported:
        raise ManifestError(f"Default events unsupported: {', '.join(unsupported)}")
    return tuple(value)
