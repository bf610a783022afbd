"""Which changes matter to a site: the repository's own word on when it need not be built."""

from dataclasses import dataclass

_LONGEST = 500
# Such as lockfiles and what configures tools, but for prose.
_FILES_AT_THE_TOP = (":(top,glob)*", ":(top,exclude,glob)*.md", ":(top,exclude,glob)LICENSE*")


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
    """What `paths` and `ignore` say, or what is meant without them."""

    settings_files: tuple[str, ...] = ()
    """Where it may be said; a change of these matters as well, and so does their end."""
    said_in: str = ""
    """The one where it is said; empty where it is not."""
    paths: tuple[str, ...] = ()
    """Patterns of the files that matter, as `check_pattern` leaves them; empty when all do."""
    folders: tuple[str, ...] = ()
    """Without `paths`: the folders that matter, the site's own first; and so do the files at the repository's top."""
    ignore: str | None = None
    """A command that ends with 0 when the commit need not be built."""

    @property
    def is_asked(self) -> bool:
        """Whether anything is said at all."""
        return self.is_narrow or bool(self.ignore)

    @property
    def is_narrow(self) -> bool:
        """Whether there are files that do not matter."""
        return bool(self.paths or self.folders)

    @property
    def subject(self) -> str:
        """What is looked at for changes, in words."""
        return f"the paths of {self.said_in}" if self.said_in else f"{self.folders[0]} or what it shares"

    def settings_pathspecs(self) -> list[str]:
        """Return git's pathspecs for the settings. To be asked for by themselves: git lets an exclusion win."""
        return [f":(top,literal){path}" for path in self.settings_files]

    def pathspecs(self) -> list[str]:
        """Return git's pathspecs for the files that matter besides the settings.

        `*` and `?` stay within one step of a path, `**` does not; what names a folder means all that is in it. See
        gitglossary(1), "pathspec": https://git-scm.com/docs/gitglossary
        """
        if not self.paths:
            return [*_FILES_AT_THE_TOP, *(f":(top,literal){folder}" for folder in self.folders)]
        wanted = [path for path in self.paths if not path.startswith("!")] or ["**"]
        unwanted = [path[1:] for path in self.paths if path.startswith("!")]
        return [
            *(f":(top,glob){pattern}" for path in wanted for pattern in _with_contents(path)),
            *(f":(top,exclude,glob){pattern}" for path in unwanted for pattern in _with_contents(path)),
        ]


def _with_contents(pattern: str) -> tuple[str, ...]:
    return (pattern,) if pattern.endswith("**") else (pattern, f"{pattern}/**")
