"""Which changes matter to a site: the repository's own word on when it need not be built."""

from dataclasses import dataclass

_LONGEST = 500


def check_pattern(text: str) -> str:
    """Return a pattern without slashes at its end; raises ValueError when it can name nothing in the repository."""
    inverse, rest = ("!", text[1:]) if text.startswith("!") else ("", text)
    pattern = rest.removeprefix("./").rstrip("/")
    steps = pattern.split("/")
    if "\0" in pattern or len(pattern) > _LONGEST or any(step in ("", ".", "..") for step in steps):
        shown = text if len(text) <= _LONGEST else f"{text[:40]}…"
        raise ValueError(f"{shown!r} must name files of the repository, such as 'apps/web' or 'packages/**/*.ts'")
    return inverse + pattern


@dataclass(frozen=True, slots=True)
class Relevance:
    """What `paths` and `ignore` say."""

    settings_files: tuple[str, ...] = ()
    """Where it may be said; a change of these matters as well, and so does their end."""
    said_in: str = ""
    """The one where it is said."""
    paths: tuple[str, ...] = ()
    """Patterns of the files that matter, as `check_pattern` leaves them; empty when all do."""
    ignore: str | None = None
    """A command that ends with 0 when the commit need not be built."""

    @property
    def is_asked(self) -> bool:
        """Whether anything is said at all."""
        return bool(self.paths or self.ignore)

    def settings_pathspecs(self) -> list[str]:
        """Return git's pathspecs for the settings. To be asked for by themselves: git lets an exclusion win."""
        return [f":(top,literal){path}" for path in self.settings_files]

    def pathspecs(self) -> list[str]:
        """Return git's pathspecs for the files that matter besides the settings.

        `*` and `?` stay within one step of a path, `**` does not; what names a folder means all that is in it. See
        gitglossary(1), "pathspec": https://git-scm.com/docs/gitglossary
        """
        wanted = [path for path in self.paths if not path.startswith("!")] or ["**"]
        unwanted = [path[1:] for path in self.paths if path.startswith("!")]
        return [
            *(f":(top,glob){pattern}" for path in wanted for pattern in _with_contents(path)),
            *(f":(top,exclude,glob){pattern}" for path in unwanted for pattern in _with_contents(path)),
        ]


def _with_contents(pattern: str) -> tuple[str, ...]:
    return (pattern,) if pattern.endswith("**") else (pattern, f"{pattern}/**")
