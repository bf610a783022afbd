"""The rules for what a project, or the file in its repository, says of its build and its branches."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from battleshiper.platform.model.root_directory import check_root_directory
from battleshiper.platform.model.settings import PreviewPolicy, ProjectSettings, told
from battleshiper.platform.model.version import Range, RangeError


class SettingRefusedError(ValueError):
    """A setting may not be so. `field` is its name; the message says the rule."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def _check_node_version(text: str) -> str:
    try:
        Range(text)
    except RangeError as error:
        raise ValueError("must be a version such as '24' or a range such as '>=22.12'") from error
    return text


RelativePath = Annotated[str, AfterValidator(check_root_directory)]
ShellCommand = Annotated[str, Field(max_length=10_000, pattern=r"\A[^\x00]*\z")]
NodeVersion = Annotated[str, AfterValidator(_check_node_version)]
BranchName = Annotated[str, Field(min_length=1, max_length=255, pattern=r"\A[^\x00-\x20\x7f~^:?*\[\\]+\z")]
"""As far as git's rules (https://git-scm.com/docs/git-check-ref-format) are about single characters."""


class BuildRules(BaseModel):
    """How a site is built."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    install_command: ShellCommand | None = None
    """Run by `sh`; empty for no install."""
    build_command: ShellCommand | None = None
    """Run by `sh`; empty for no build."""
    output_directory: RelativePath | None = None
    """What the build leaves for a static site, below the root directory."""
    node_version: NodeVersion | None = None
    spa_fallback: RelativePath | None = None
    """The page that answers every unknown path of a single-page app, below the output directory."""


class ProjectRules(BuildRules):
    """All that a project is told."""

    model_config = ConfigDict(strict=False)

    production_branch: BranchName | None = None
    """None for the repository's default branch, whichever that is."""
    previews: PreviewPolicy = PreviewPolicy.ALL


def change_settings(settings: ProjectSettings, changes: Mapping[str, object]) -> ProjectSettings:
    """Return settings with changes; None takes one back. Raises SettingRefusedError."""
    wanted = {**told(settings), **changes}
    try:
        rules = ProjectRules.model_validate({name: value for name, value in wanted.items() if value is not None})
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0])
        raise SettingRefusedError(name, explain_fault(name, fault, ProjectRules)) from error
    return ProjectSettings(**dict(rules))


def explain_fault(name: str, fault: Any, model: type[BaseModel]) -> str:
    """Return what is wrong with a setting, for people, from what pydantic says of it."""
    match fault["type"]:
        case "extra_forbidden":
            return f"unknown key {name!r}; the keys are {', '.join(model.model_fields)}"
        case "string_type" if len(fault["loc"]) > 1:
            return f"each of {name} must be text in quotes"
        case "string_type":
            return f"{name} must be text in quotes"
        case "list_type":
            return f"{name} must be a list of texts in quotes, such as ['apps/web', 'packages']"
        case "enum":
            return f"{name} must be {fault['ctx']['expected']}"
        case "too_short" | "string_too_short":
            return f"{name} must not be empty"
        case "too_long":
            return f"{name} may have at most {fault['ctx']['max_length']} entries"
        case "string_pattern_mismatch" if name == "production_branch":
            return f"{name} must be a branch's name, without spaces and ~^:?*[\\"
        case "string_pattern_mismatch":
            return f"{name} has a NUL character in it"
        case "string_too_long":
            return f"{name} is too long"
        case _:
            return f"{name} {fault['ctx']['error'] if 'ctx' in fault else fault['msg']}"
