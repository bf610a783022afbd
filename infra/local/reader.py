"""Reads values out of the environment, and collects what is wrong with them, one sentence for each mistake."""

from collections.abc import Mapping
from ipaddress import ip_network
from urllib.parse import urlsplit

from battleshiper.platform.model.hostname import slug

_LONGEST_ID = 18
PREFIX = "BATTLESHIPER_"


class Reader:
    """Every method returns the value, or the default after noting a mistake. Names are without the prefix."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.mistakes: list[str] = []

    def text(self, name: str, default: str) -> str:
        """Read anything; what is empty is not given."""
        return self._environment.get(PREFIX + name, "").strip() or default

    def number(self, name: str, default: int, largest: int, smallest: int = 0) -> int:
        """Read a whole number within bounds."""
        text = self.text(name, str(default))
        if text.isdecimal() and smallest <= int(text) <= largest:
            return int(text)
        self.mistakes.append(f"{PREFIX}{name} must be a number from {smallest} to {largest}, not {text!r}.")
        return default

    def switch(self, name: str) -> bool:
        """Read 0 or 1."""
        text = self.text(name, "0")
        if text not in ("0", "1"):
            self.mistakes.append(f"{PREFIX}{name} must be 0 or 1, not {text!r}.")
        return text == "1"

    def url(self, name: str, default: str) -> str:
        """Read an address, without a slash at its end."""
        text = self.text(name, default).rstrip("/")
        try:
            parts = urlsplit(text)
            good = parts.scheme in ("http", "https") and parts.hostname and (parts.port != 0 or text == default)
        except ValueError:
            good = False
        if not good:
            self.mistakes.append(f"{PREFIX}{name} must be an address like {default}, not {text!r}.")
        return text

    def domain(self, name: str, default: str) -> str:
        """Read a domain."""
        text = self.text(name, default).lower().strip(".")
        if all(label == slug(label) and label for label in text.split(".")):
            return text
        self.mistakes.append(f"{PREFIX}{name} must be a domain like sites.example.org, not {text!r}.")
        return default

    def ids(self, name: str) -> frozenset[int]:
        """Read numeric ids with commas between."""
        given = [text for text in (each.strip() for each in self.text(name, "").split(",")) if text]
        wrong = [text for text in given if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID)]
        self.mistakes += [f"{PREFIX}{name} must be numeric ids with commas between, not {text!r}." for text in wrong]
        return frozenset(int(text) for text in given if text not in wrong)

    def networks(self, name: str) -> tuple[str, ...]:
        """Read addresses and networks with commas between."""
        given = tuple(filter(None, (each.strip() for each in self.text(name, "").split(","))))
        for each in given:
            try:
                ip_network(each)
            except ValueError as error:
                self.mistakes.append(f"{PREFIX}{name} must be addresses or networks with commas between: {error}.")
        return given
