"""`battleshiper.toml`: what a repository says about its build. Everything in it is optional."""

import re
import tomllib
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from battleshiper.build_runner.detection.relevance import check_pattern
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.tree import Tree, UnreadableError
from battleshiper.platform.model.result import FailureCode
from battleshiper.platform.model.setting_rules import BuildRules, RelativePath, ShellCommand, explain_fault
from battleshiper.platform.model.settings import BuildSettings, told

SETTINGS_FILE = "battleshiper.toml"


PathPattern = Annotated[str, AfterValidator(check_pattern)]


class Settings(BuildRules):
    """What the file may say."""

    root_directory: RelativePath | None = None
    """Where the site lies; only in the file at the repository's top."""
    paths: Annotated[list[PathPattern], Field(min_length=1, max_length=100)] | None = None
    """Patterns from the repository's top: a push is built only when it changed one of these files."""
    ignore: ShellCommand | None = None
    """Run by `sh`: a push is not built when it ends with 0."""


def read_settings(tree: Tree, folder: str = "") -> Settings | None:
    """Read the file in `folder`, None when there is none; raises BuildError (SETTINGS) with line and reason."""
    path = f"{folder}/{SETTINGS_FILE}" if folder else SETTINGS_FILE
    try:
        data = tree.read(path)
    except UnreadableError as error:
        raise BuildError(FailureCode.SETTINGS, str(error), "Make it a plain file.") from error
    return None if data is None else parse_settings(data, path)


def parse_settings(data: bytes, path: str = SETTINGS_FILE) -> Settings:
    """Read the file's text; raises BuildError (SETTINGS) with line and reason."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _fault(path, line, "is not UTF-8 text") from error
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        reason = re.sub(r" \(at .*\)$", "", str(error)) if isinstance(error, ValueError) else "nested too deeply"
        raise _fault(path, line, reason) from error
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        raise _fault(path, _line_of(key, text), explain_fault(key, first, Settings)) from error


def _line_of(key: str, text: str) -> int:
    """Return the line that sets `key`: as a key, quoted or not, or as a table's name."""
    name = rf"""(?:{re.escape(key)}|"{re.escape(key)}"|'{re.escape(key)}')"""
    found = re.search(rf"^[ \t]*(?:{name}[ \t]*[=.]|\[+[ \t]*{name}[ \t]*[\].])", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _fault(path: str, line: int, reason: str) -> BuildError:
    return BuildError(FailureCode.SETTINGS, f"{path}, line {line}: {reason}.", "Mend the line and push again.")


def add_told(settings: Settings, project: BuildSettings) -> Settings:
    """Return the settings of a repository with what its project was told of the build, where the file says nothing."""
    missing = {name: value for name, value in told(project).items() if getattr(settings, name) is None}
    return settings.model_copy(update=missing)
