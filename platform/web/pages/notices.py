"""What a page says after an action has led to it. The address names it, so that no link can put words into a page."""

from collections.abc import Mapping

_NOTICES: Mapping[str, str] = {
    "promoted": "Production shows this deployment now.",
    "rolled-back": "Production shows this earlier deployment again.",
    "redeployed": "The commit is being built again: this is its new deployment.",
    "canceled": "The deployment was canceled.",
    "approved": "Approved. It is being built now.",
    "build": "The build is told so from the next deployment on.",
    "branches": "Kept. It counts from the next push on.",
    "surfaces": "GitHub is told where you chose, from the next deployment on.",
    "variable-kept": "The variable is kept. The next deployment gets it.",
    "variable-removed": "The variable is gone. The next deployment does not get it any more.",
    "alias-held": "The alias is held, and shows what it follows from now on.",
    "alias-released": "The alias is released. It shows nothing any more.",
    "hook-removed": "The build hook is gone. Its address does nothing any more.",
    "imported": "Imported. The head of its production branch is being built now.",
    "subscription-kept": "The subscription is kept. It counts from the next build on.",
    "subscription-given": "The account has the subscription now.",
    "retried": "The event is being handled again.",
    "roles": "The roles are given. They count from the next request on.",
    "sessions-ended": "They are signed out everywhere.",
    "user-deleted": "The account is forgotten.",
    "deleted": "The project is being deleted: its sites, builds and functions go within minutes.",
}


def notice_for(name: str) -> str:
    """Return the sentence, empty for a name that there is not."""
    return _NOTICES.get(name, "")
