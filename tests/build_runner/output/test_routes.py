"""The routes that an app's server answers."""

import json
from pathlib import Path

import pytest

from battleshiper.build_runner.output.routes import read_routes
from battleshiper.build_runner.tree import CheckoutTree


def read(top: Path, content: object) -> tuple[str, ...] | None:
    """Return what is read of a file."""
    (top / "routes.json").write_text(content if isinstance(content, str) else json.dumps(content))
    return read_routes(CheckoutTree(top))


def test_routes_are_read(tmp_path: Path) -> None:
    """Each once, sorted."""
    assert read(tmp_path, ["/b/[id]", "/", "/b/[id]"]) == ("/", "/b/[id]")
    assert read(tmp_path, []) == ()


def test_no_file(tmp_path: Path) -> None:
    """Nothing is known then."""
    assert read_routes(CheckoutTree(tmp_path)) is None


@pytest.mark.parametrize(
    "content",
    ["", "{", "[" * 100_000, {}, [1], ["about"], ["/a\nb"], ["/" + "x" * 300], ["/" + str(n) for n in range(2001)]],
)
def test_what_a_tenant_may_write(tmp_path: Path, content: object) -> None:
    """Is no reason to fail, and is not taken."""
    assert read(tmp_path, content) is None
