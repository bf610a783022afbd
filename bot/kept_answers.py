"""Answers that are asked for again: GitHub counts no request to which it answers that nothing has changed
(https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate)."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from threading import Lock

_MOST_ANSWERS = 500
_MOST_BYTES = 64 * 1024
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer's body, and what GitHub knows it by."""

    body: bytes
    etag: str
    last_modified: str

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for another one only. Tags change with the token, times do not."""
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in told.items() if value}


class KeptAnswers:
    """The latest of them, in memory, the small ones. May be shared between threads."""

    def __init__(self, most: int = _MOST_ANSWERS) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, KeptAnswer] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> KeptAnswer | None:
        """Return what was answered."""
        with self._lock:
            return self._answers.get(key)

    def keep(self, key: Hashable, body: bytes, headers: Mapping[str, str]) -> None:
        """Keep what is answered, where GitHub gives it a tag or a time; forget the oldest of too many."""
        answer = KeptAnswer(body, headers.get("etag", ""), headers.get("last-modified", ""))
        with self._lock:
            self._answers.pop(key, None)
            if answer.conditions and len(body) <= _MOST_BYTES:
                self._answers[key] = answer
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)
