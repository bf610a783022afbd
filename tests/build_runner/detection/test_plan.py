"""The plan made from a checkout's files."""

import json
from pathlib import Path

import pytest

from battleshiper.build_runner.detection.framework import Framework, choose_output
from battleshiper.build_runner.detection.plan import Plan, make_plan
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.tree import CheckoutTree
from battleshiper.platform.model.settings import NO_BUILD_SETTINGS, BuildSettings


def lay(top: Path, files: dict[str, object]) -> CheckoutTree:
    for name, content in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(content if isinstance(content, str) else json.dumps(content))
    return CheckoutTree(top)


def planned(top: Path, files: dict[str, object], root: str = "", *, told: BuildSettings = NO_BUILD_SETTINGS) -> Plan:
    return make_plan(lay(top, files), root, told)


def test_a_sveltekit_app(tmp_path: Path) -> None:
    """As `npx sv create` makes it: installed by its lockfile, built by its script."""
    plan = planned(
        tmp_path,
        {
            "package.json": {"scripts": {"build": "vite build"}, "devDependencies": {"@sveltejs/kit": "^2"}},
            "package-lock.json": {},
        },
    )
    assert plan.framework is Framework.SVELTEKIT
    assert plan.install_command == "npm ci --no-audit --no-fund"
    assert plan.build_command == "npm run build"


def test_a_sveltekit_app_without_a_script_is_built_with_vite(tmp_path: Path) -> None:
    """The framework has one way to build."""
    plan = planned(tmp_path, {"package.json": {"devDependencies": {"@sveltejs/kit": "^2"}}})
    assert plan.build_command == "vite build"


def test_a_static_site(tmp_path: Path) -> None:
    """A build script and the folder that its tool leaves."""
    plan = planned(
        tmp_path,
        {
            "package.json": {"scripts": {"build": "eleventy"}, "dependencies": {"@11ty/eleventy": "3"}},
            "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
        },
    )
    assert plan.framework is Framework.STATIC
    assert plan.build_command == "pnpm run build"
    assert plan.candidates[0] == "_site"


@pytest.mark.parametrize("files", [{"index.html": "hi"}, {"index.html": "hi", "package.json": {"scripts": {}}}])
def test_plain_files_need_no_command(tmp_path: Path, files: dict[str, object]) -> None:
    """Without a build script nothing is installed or built."""
    plan = planned(tmp_path, files)
    assert plan.framework is Framework.FILES
    assert not plan.needs_tools


def test_the_settings_override_what_is_detected(tmp_path: Path) -> None:
    """Commands and output; an empty command means none."""
    settings = 'install_command = ""\nbuild_command = "hugo"\noutput_directory = "site"\n'
    plan = planned(tmp_path, {"battleshiper.toml": settings, "package.json": {"scripts": {"build": "no"}}})
    assert (plan.install_command, plan.build_command, plan.output) == (None, "hugo", "site")


def test_what_the_project_is_told_fills_what_the_file_leaves_open(tmp_path: Path) -> None:
    """The file goes before it, setting by setting; it goes before what is detected."""
    told = BuildSettings(install_command="", build_command="told", output_directory="told", node_version="24")
    files: dict[str, object] = {"package.json": {"scripts": {"build": "no"}}}
    plan = planned(tmp_path, files, told=told)
    assert (plan.install_command, plan.build_command, plan.output) == (None, "told", "told")
    assert [(wish.range.text, wish.source) for wish in plan.node] == [("24", "the project's settings")]
    files["battleshiper.toml"] = 'build_command = "hugo"\n'
    plan = planned(tmp_path, files, told=told)
    assert (plan.install_command, plan.build_command, plan.output) == (None, "hugo", "told")


def test_the_root_directory_comes_from_the_project_or_the_settings(tmp_path: Path) -> None:
    """The project's own choice wins; the site's own settings win over those at the top."""
    files: dict[str, object] = {
        "battleshiper.toml": 'root_directory = "a"\nbuild_command = "top"',
        "a/x": "",
        "b/battleshiper.toml": 'build_command = "own"',
    }
    assert planned(tmp_path, files).root == "a"
    assert planned(tmp_path, files).build_command == "top"
    assert planned(tmp_path, files, "b").root == "b"
    assert planned(tmp_path, files, "/b/").build_command == "own"


def test_a_root_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The message says which folders there are."""
    with pytest.raises(BuildError, match="Folders at the top are: apps, docs"):
        planned(tmp_path, {"apps/a": "", "docs/b": ""}, "app")


def test_a_root_directory_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """A link may lead anywhere."""
    (tmp_path / "site").symlink_to("/etc")
    with pytest.raises(BuildError, match="is not a folder"):
        planned(tmp_path, {"README": ""}, "site")


@pytest.mark.parametrize("text", ["{", "[]", "\ufeff{}{}", "[" * 100_000])
def test_a_broken_package_json_is_the_repositorys_fault(tmp_path: Path, text: str) -> None:
    """The failure names the file."""
    with pytest.raises(BuildError, match=r"package\.json is not"):
        planned(tmp_path, {"package.json": text})


def test_parts_of_the_wrong_type_count_as_absent(tmp_path: Path) -> None:
    """package.json is written by hand, and npm forgives much."""
    plan = planned(tmp_path, {"package.json": {"scripts": [], "dependencies": {"a": 1}, "engines": "22"}})
    assert plan.framework is Framework.FILES
    assert plan.node == ()


def test_what_the_build_made_is_the_output(tmp_path: Path) -> None:
    """A folder that the repository had before counts only when nothing else came and it has a page."""
    files: dict[str, object] = {
        "package.json": {"scripts": {"build": "x"}},
        "public/logo.svg": "",
        "out/index.html": "",
    }
    tree = lay(tmp_path, files)
    plan = make_plan(tree, "")

    def output() -> str | None:
        return choose_output(tree, "", plan.candidates, plan.committed)

    assert output() == "out"
    lay(tmp_path, {"build/page.html": ""})
    assert output() == "build"


def test_without_any_output_there_is_none(tmp_path: Path) -> None:
    """A `public` folder of inputs is not mistaken for a site."""
    tree = lay(tmp_path, {"package.json": {"scripts": {"build": "x"}}, "public/logo.svg": ""})
    plan = make_plan(tree, "")
    assert choose_output(tree, "", plan.candidates, plan.committed) is None
