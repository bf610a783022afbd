"""What a project is told: checked field by field, and kept as little JSON."""

from dataclasses import asdict

import pytest

from battleshiper.platform.model.setting_rules import SettingRefusedError, change_settings
from battleshiper.platform.model.settings import (
    NO_SETTINGS,
    BuildSettings,
    PreviewPolicy,
    read_project_settings,
    write_project_settings,
)


def test_changes_add_up_and_can_be_taken_back() -> None:
    """What is not named stays; None is as if it had never been told."""
    told = change_settings(NO_SETTINGS, {"build_command": "make", "previews": "none", "output_directory": "out/"})
    assert (told.build_command, told.previews, told.output_directory) == ("make", PreviewPolicy.NONE, "out")
    told = change_settings(told, {"previews": None, "node_version": "24"})
    assert told.previews is PreviewPolicy.ALL
    assert told.build == BuildSettings(build_command="make", node_version="24", output_directory="out")
    assert change_settings(told, dict.fromkeys(asdict(told))) == NO_SETTINGS


def test_what_is_kept() -> None:
    """Nothing is kept as nothing, and all comes back as it was."""
    assert read_project_settings(None) == NO_SETTINGS
    assert write_project_settings(NO_SETTINGS) == "{}"
    told = change_settings(
        NO_SETTINGS, {"build_command": "", "production_branch": "next/ü", "previews": "pull_requests"}
    )
    assert read_project_settings(write_project_settings(told)) == told


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("node_version", "latest", "must be a version such as '24'"),
        ("output_directory", "../out", "must be a path inside the repository"),
        ("spa_fallback", "/etc/passwd", "must be a path inside"),
        ("build_command", "a\x00b", "NUL character"),
        ("build_command", "x" * 10_001, "too long"),
        ("build_command", 7, "must be text"),
        ("build_command", ["x"], "must be text"),
        ("production_branch", "a b", "must be a branch's name"),
        ("production_branch", "", "must not be empty"),
        ("production_branch", "x" * 256, "too long"),
        ("previews", "some", "must be 'all', 'pull_requests' or 'none'"),
        ("output", "dist", "unknown key 'output'; the keys are install_command"),
    ],
)
def test_mistakes_name_the_field_and_the_rule(name: str, value: object, rule: str) -> None:
    """One at a time."""
    with pytest.raises(SettingRefusedError) as refused:
        change_settings(NO_SETTINGS, {name: value})
    assert (refused.value.field, rule in str(refused.value)) == (name, True)
