"""What one build leaves for the next one."""

from typing import Any

import pytest

from battleshiper.platform.model.result import FailureCode

pytestmark = pytest.mark.sandbox

# A dependency inside the repository needs no registry; its install script tells how often it was really installed.
LIBRARY = {"name": "library", "version": "1.0.0"}
LOCK = {
    "name": "site",
    "lockfileVersion": 3,
    "requires": True,
    "packages": {
        "": {"name": "site", "dependencies": {"library": "file:library"}},
        "library": {"version": "1.0.0"},
        "node_modules/library": {"resolved": "library", "link": True},
    },
}
COUNT = "node_modules/.cache/count"
BUILD = f"mkdir -p dist node_modules/.cache && cat {COUNT} > dist/index.html; echo x >> {COUNT}"


def site(**changes: Any) -> dict[str, Any]:
    package = {
        "name": "site",
        "dependencies": {"library": "file:library"},
        "scripts": {"build": BUILD + "; true", "prepare": "echo prepared > prepared"},
    }
    return {"package.json": package | changes, "package-lock.json": LOCK, "library/package.json": LIBRARY}


def test_installed_packages_are_used_again(stand_in: Any) -> None:
    """With the same lockfile only the project's own scripts run again; with another one all is installed afresh."""
    first = stand_in.build(stand_in.commit(site()))
    assert first.code == 0, first.log
    assert "$ npm ci" in first.log
    second = stand_in.build(stand_in.commit({"other": "file"}))
    assert second.code == 0, second.log
    assert "$ npm ci" not in second.log
    assert "$ npm run prepare" in second.log
    assert second.uploads["client/index.html"] == b"x\n"
    third = stand_in.build(stand_in.commit(site(description="changed")))
    assert "$ npm ci" in third.log


def test_framework_caches_outlive_a_changed_lockfile(stand_in: Any) -> None:
    """What tools keep in node_modules/.cache is put into the new packages."""
    stand_in.build(stand_in.commit(site()))
    second = stand_in.build(stand_in.commit(site(description="changed")))
    assert "$ npm ci" in second.log
    assert second.uploads["client/index.html"] == b"x\n"


def test_a_previews_cache_never_reaches_production(stand_in: Any) -> None:
    """Whatever a pull request's build leaves stays with previews."""
    sha = stand_in.commit(site())
    preview = stand_in.build(sha, environment="preview")
    assert preview.code == 0, preview.log
    production = stand_in.build(sha, environment="production")
    assert "$ npm ci" in production.log
    assert production.uploads["client/index.html"] == b""


@pytest.mark.parametrize(("writes", "reads"), [(True, False), (False, True)])
def test_outsiders_have_a_cache_of_their_own(stand_in: Any, writes: bool, reads: bool) -> None:
    """What a fork's build wrote is not read by the repository's own previews, nor the other way round."""
    sha = stand_in.commit(site())
    assert stand_in.build(sha, environment="preview", is_outside=writes).code == 0
    second = stand_in.build(sha, environment="preview", is_outside=reads)
    assert "$ npm ci" in second.log
    assert second.uploads["client/index.html"] == b""


def test_a_failed_build_with_kept_packages_is_followed_by_a_clean_one(stand_in: Any) -> None:
    """Kept packages that went bad cannot break every build from then on."""
    stand_in.build(stand_in.commit(site()))
    failed = stand_in.build(
        stand_in.commit({"battleshiper.toml": 'build_command = "rm -rf node_modules/library; exit 3"'})
    )
    assert failed.result.failure.code is FailureCode.BUILD
    assert "$ npm ci" not in failed.log
    after = stand_in.build(
        stand_in.commit(
            {"battleshiper.toml": 'build_command = "ls node_modules/library && mkdir dist && touch dist/a"'}
        )
    )
    assert after.code == 0, after.log
    assert "$ npm ci" in after.log


def test_a_failed_install_keeps_nothing(stand_in: Any) -> None:
    """Half-installed packages are never used."""
    broken = stand_in.build(stand_in.commit(site(scripts={"prepare": "exit 4", "build": BUILD})))
    assert broken.result.failure.code is FailureCode.INSTALL
    assert "exit code" in broken.result.failure.message
    assert not list((stand_in.cache / "projects").glob("*/*"))


def test_downloads_are_kept(stand_in: Any) -> None:
    """The caches of package managers, and of every tool that follows the XDG rules, come back."""
    command = (
        "mkdir -p dist $XDG_CACHE_HOME; cat $XDG_CACHE_HOME/kept > dist/index.html; echo x >> $XDG_CACHE_HOME/kept"
    )
    settings = f"build_command = '''{command}'''"
    sha = stand_in.commit({"battleshiper.toml": settings})
    assert stand_in.build(sha).uploads["client/index.html"] == b""
    assert stand_in.build(sha).uploads["client/index.html"] == b"x\n"
