"""`battleshiper.toml`: what a repository says about its build. Everything in it is optional."""

import re
import tomllib
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from battleshiper.build_runner.detection.relevance import check_pattern
from battleshiper.build_runner.detection.version import Range, RangeError
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.tree import Tree, UnreadableError
from battleshiper.platform.model.result import FailureCode
from battleshiper.platform.model.root_directory import check_root_directory

SETTINGS_FILE = "battleshiper.toml"


def _check_node_version(text: str) -> str:
    try:
        Range(text)
    except RangeError as error:
        raise ValueError("must be a version such as '24' or a range such as '>=22.12'") from error
    return text


RelativePath = Annotated[str, AfterValidator(check_root_directory)]
PathPattern = Annotated[str, AfterValidator(check_pattern)]
ShellCommand = Annotated[str, Field(max_length=10_000, pattern=r"\A[^\x00]*\z")]


class Settings(BaseModel):
    """What the file may say."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    root_directory: RelativePath | None = None
    """Where the site lies; only in the file at the repository's top."""
    install_command: ShellCommand | None = None
    """Run by `sh`; empty for no install."""
    build_command: ShellCommand | None = None
    """Run by `sh`; empty for no build."""
    output_directory: RelativePath | None = None
    """What the build leaves for a static site, below the root directory."""
    node_version: Annotated[str, AfterValidator(_check_node_version)] | None = None
    spa_fallback: RelativePath | None = None
    """The page that answers every unknown path of a single-page app, below the output directory."""
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
        raise _fault(path, _line_of(key, text), _reason(key, first)) from error


def _reason(key: str, fault: Any) -> str:
    match fault["type"]:
        case "extra_forbidden":
            return f"unknown key {key!r}; the keys are {', '.join(Settings.model_fields)}"
        case "string_type" if len(fault["loc"]) > 1:
            return f"each of {key} must be text in quotes"
        case "string_type":
            return f"{key} must be text in quotes"
        case "list_type":
            return f"{key} must be a list of texts in quotes, such as ['apps/web', 'packages']"
        case "too_short":
            return f"{key} must not be empty"
        case "too_long":
            return f"{key} may have at most {fault['ctx']['max_length']} entries"
        case "string_pattern_mismatch":
            return f"{key} has a NUL character in it"
        case "string_too_long":
            return f"{key} is too long"
        case _:
            return f"{key} {fault['ctx']['error'] if 'ctx' in fault else fault['msg']}"


def _line_of(key: str, text: str) -> int:
    """Return the line that sets `key`: as a key, quoted or not, or as a table's name."""
    name = rf"""(?:{re.escape(key)}|"{re.escape(key)}"|'{re.escape(key)}')"""
    found = re.search(rf"^[ \t]*(?:{name}[ \t]*[=.]|\[+[ \t]*{name}[ \t]*[\].])", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _fault(path: str, line: int, reason: str) -> BuildError:
    return BuildError(FailureCode.SETTINGS, f"{path}, line {line}: {reason}.", "Mend the line and push again.")
