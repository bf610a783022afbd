"""What Python writes for the edge function's own tests."""

import json
from pathlib import Path

from battleshiper.platform.model.manifest import Manifest, ManifestFile
from battleshiper.platform.model.route import compile_site

SITE = Path(__file__).with_name("site.json")


def _manifest(*paths: str) -> Manifest:
    return Manifest(files=tuple(ManifestFile(path=path, bytes=0, sha256="", content_type="") for path in paths))


def test_site_of_the_javascript_tests_is_what_python_compiles() -> None:
    """The records and tables in site.json are exactly those that the deploy step would write."""
    app = compile_site(
        _manifest(
            "client/_app/immutable/x.js",
            "client/_app/version.json",
            "client/caf\u00e9 +.txt",
            "client/docs/index.html",
            "prerendered/about.html",
            "prerendered/index.html",
        ),
        project_id="shop",
        deployment_id="app1",
        function="abc.lambda-url.example",
        spa_fallback=None,
    )
    static = compile_site(
        _manifest("client/404.html", "client/index.html"),
        project_id="shop",
        deployment_id="static1",
        function=None,
        spa_fallback=None,
    )
    spa = compile_site(
        _manifest("client/index.html"),
        project_id="shop",
        deployment_id="spa1",
        function=None,
        spa_fallback="index.html",
    )
    compiled = {
        **app.tables,
        **static.tables,
        **spa.tables,
        "app": app.record(noindex=False),
        "static": static.record(noindex=True),
        "spa": spa.record(noindex=False),
    }
    assert json.loads(SITE.read_text()) == compiled, f"write this to {SITE.name}: {json.dumps(compiled, indent=2)}"
