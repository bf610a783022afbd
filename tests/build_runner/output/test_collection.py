"""Output put together as the platform wants it."""

import hashlib
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.output.collection import Collector
from battleshiper.platform.model.instructions import BuildLimits
from battleshiper.platform.model.result import FailureCode


def lay(top: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(content)
    return top


def collector(tmp_path: Path, **limits: Any) -> Collector:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    return Collector(BuildLimits(**limits), scratch)


APP = {
    "client/_app/immutable/a.js": b"js",
    "prerendered/about.html": b"<p>",
    "server/index.mjs": b"export const fetch = 1",
    "server/chunks/x.js": b"x" * 5000,
}


def test_an_adapters_output_is_static_files_and_a_package(tmp_path: Path) -> None:
    """Client and prerendered files as they are, the server as one zip with its entry at the top."""
    collection = collector(tmp_path).collect_adapter_output(lay(tmp_path / "output", APP))
    assert [file.path for file in collection.manifest.files] == [
        "client/_app/immutable/a.js",
        "prerendered/about.html",
        "function.zip",
    ]
    packed = tmp_path / "scratch" / "function.zip"
    with zipfile.ZipFile(packed) as package:
        assert package.namelist() == ["chunks/x.js", "index.mjs"]
        assert package.read("index.mjs") == APP["server/index.mjs"]
    function = collection.manifest.function
    assert function
    assert function.sha256 == hashlib.sha256(packed.read_bytes()).hexdigest()
    assert function.bytes == packed.stat().st_size


def test_an_adapters_routes_are_listed(tmp_path: Path) -> None:
    """Where it wrote them down; without it they are unknown, and a site without a server has none."""
    app = lay(tmp_path / "output", {**APP, "routes.json": b'["/", "/blog/[slug]"]'})
    assert collector(tmp_path).collect_adapter_output(app).manifest.routes == ("/", "/blog/[slug]")
    (app / "routes.json").unlink()
    assert collector(tmp_path).collect_adapter_output(app).manifest.routes is None
    assert collector(tmp_path).collect_folder(app, "client", None).manifest.routes == ()


def test_the_same_server_makes_the_same_package(tmp_path: Path) -> None:
    """Times, modes and the order of creation do not show."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    first = collector(tmp_path / "one").collect_adapter_output(lay(tmp_path / "one" / "output", APP))
    other = lay(tmp_path / "two" / "output", dict(reversed(APP.items())))
    os.utime(other / "server" / "index.mjs", (1, 1))
    (other / "server" / "index.mjs").chmod(0o700)
    second = collector(tmp_path / "two").collect_adapter_output(other)
    assert first.manifest == second.manifest


def test_a_server_without_an_entry_is_refused(tmp_path: Path) -> None:
    """Before anything is published, not at the first request."""
    with pytest.raises(BuildError, match=r"no index\.mjs"):
        collector(tmp_path).collect_adapter_output(lay(tmp_path / "output", {"server/other.mjs": b""}))


def test_a_server_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """By what it weighs packed."""
    files = {"server/index.mjs": b"", "server/noise": os.urandom(5000)}
    with pytest.raises(BuildError, match="packed server function"):
        collector(tmp_path, function_bytes=4000).collect_adapter_output(lay(tmp_path / "output", files))


def test_too_many_bytes_are_refused(tmp_path: Path) -> None:
    """All files together count."""
    with pytest.raises(BuildError, match="may have 0 MiB"):
        collector(tmp_path, output_bytes=9).collect_folder(lay(tmp_path, {"d/a": b"12345", "d/b": b"67890"}), "d", None)


def test_names_that_differ_only_in_case_are_refused(tmp_path: Path) -> None:
    """They would be one file on some machines."""
    with pytest.raises(BuildError, match=r"differs from .* only in case"):
        collector(tmp_path).collect_folder(lay(tmp_path, {"d/Logo.svg": b"", "d/logo.svg": b""}), "d", None)


def test_plain_files_leave_out_what_is_not_for_visitors(tmp_path: Path) -> None:
    """Hidden files at any depth, packages and our settings; not /.well-known."""
    top = lay(
        tmp_path / "site",
        {
            "index.html": b"",
            ".git/config": b"",
            ".env": b"",
            "a/.htpasswd": b"",
            "a/b.css": b"",
            "node_modules/x/y.js": b"",
            "battleshiper.toml": b"",
            ".well-known/acme": b"",
        },
    )
    collection = collector(tmp_path).collect_plain_files(top, "", None)
    assert [file.path for file in collection.manifest.files] == [
        "client/.well-known/acme",
        "client/a/b.css",
        "client/index.html",
    ]


def test_nothing_to_serve_is_a_failure(tmp_path: Path) -> None:
    """An empty repository says what it lacks."""
    with pytest.raises(BuildError, match="nothing to build") as caught:
        collector(tmp_path).collect_plain_files(lay(tmp_path / "site", {".gitignore": b""}), "", None)
    assert caught.value.code is FailureCode.DETECTION


@pytest.mark.parametrize(
    ("files", "wanted", "expected"),
    [
        ({"index.html": b""}, None, None),
        ({"index.html": b"", "200.html": b""}, None, "200.html"),
        ({"index.html": b"", "_redirects": b"# spa\n/old /new 301\n/* /index.html 200\n"}, None, "index.html"),
        ({"index.html": b"", "_redirects": b"/* /missing.html 200"}, None, None),
        ({"index.html": b"", "_redirects": b"/* https://elsewhere.example 200"}, None, None),
        ({"app.html": b"", "200.html": b""}, "app.html", "app.html"),
    ],
)
def test_the_fallback_of_a_single_page_app(
    tmp_path: Path, files: dict[str, bytes], wanted: str | None, expected: str | None
) -> None:
    """By the settings, by the name that adapters give it, or by the rule that other hosts read."""
    top = lay(tmp_path, {f"dist/{name}": content for name, content in files.items()})
    assert collector(tmp_path).collect_folder(top, "dist", wanted).spa_fallback == expected


def test_a_fallback_that_is_not_there_is_a_fault_in_the_settings(tmp_path: Path) -> None:
    """It would answer every path with nothing."""
    with pytest.raises(BuildError, match="not in the output"):
        collector(tmp_path).collect_folder(lay(tmp_path, {"d/a": b""}), "d", "index.html")
