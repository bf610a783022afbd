"""Sites, as the edge gets to know them."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.model.fingerprint import ALPHABET, ENTRY_LENGTH, fingerprint
from battleshiper.platform.model.manifest import FUNCTION_PACKAGE, Manifest, ManifestFile, PathRefusedError, check_paths
from battleshiper.platform.model.route import Site, compile_site, site_key
from battleshiper.platform.routes.port import MAX_KEY_BYTES, MAX_VALUE_BYTES


def _compile(*paths: str, function: str | None = None, spa_fallback: str | None = None) -> Site:
    files = tuple(ManifestFile(path=path, bytes=1, sha256="", content_type="") for path in paths)
    return compile_site(
        Manifest(files=files), project_id="p1", deployment_id="d1", function=function, spa_fallback=spa_fallback
    )


def _bits(site: Site, stem: str) -> int:
    record = json.loads(site.record(noindex=False))
    if not record["shards"]:
        return 0
    mark, place = fingerprint(stem, record.get("salt", 0))
    table = site.tables[f"d1/{place % record['shards']}"]
    found = [table[at + 7] for at in range(0, len(table), ENTRY_LENGTH) if table[at : at + 7] == mark]
    return ALPHABET.index(found[0]) if found else 0


def test_record_says_where_and_how() -> None:
    """A record has what the edge needs, and nothing that is not there."""
    site = _compile("client/index.html", function="fn:1")
    assert json.loads(site.record(noindex=False)) == {
        "project": "p1",
        "deployment": "d1",
        "shards": 1,
        "function": "fn:1",
    }
    assert json.loads(site.record(noindex=True))["noindex"] is True


def test_kinds_of_files() -> None:
    """The bits of a stem say which files it has, and which of them were prerendered."""
    site = _compile("client/a", "client/a.html", "prerendered/a/index.html", "prerendered/b.html", "client/index.html")
    assert _bits(site, "/a") == 1 | 2 | 4 | 32
    assert _bits(site, "/b") == 2 | 16
    assert _bits(site, "") == 4
    assert _bits(site, "/c") == 0


def test_prerendered_wins_over_client() -> None:
    """Where both folders hold the same path, the page that was rendered for it is served."""
    for paths in (["client/a.html", "prerendered/a.html"], ["prerendered/a.html", "client/a.html"]):
        assert _bits(_compile(*paths), "/a") == 2 | 16


def test_objects_of_the_two_folders_never_meet() -> None:
    """Every static file has an object of its own, below its deployment, under its NFC name."""
    assert site_key("p1", "d1", "client/e\u0301.txt") == "sites/p1/d1/client/\u00e9.txt"
    assert site_key("p1", "d1", "prerendered/a") != site_key("p1", "d1", "client/a")


def test_hashed_files_of_sveltekit_are_in_no_table() -> None:
    """A prefix stands for them, whatever the app's folder and base path are."""
    for folder in ("_app", "docs/_app", "odd"):
        site = _compile(f"client/{folder}/immutable/x.js", f"client/{folder}/version.json")
        assert json.loads(site.record(noindex=False))["immutable"] == f"/{folder}/immutable/"
        assert _bits(site, f"/{folder}/immutable/x.js") == 0
        assert _bits(site, f"/{folder}/version.json") == 1


def test_folder_that_is_only_called_immutable_is_nothing_special() -> None:
    """Without SvelteKit's version.json beside it, its files are in the table like all others."""
    site = _compile("client/photos/immutable/x.jpg")
    assert "immutable" not in json.loads(site.record(noindex=False))
    assert _bits(site, "/photos/immutable/x.jpg") == 1


def test_pages_for_what_is_not_there() -> None:
    """404.html and the fallback of a single-page app are named by their objects."""
    record = json.loads(_compile("client/404.html", "client/app.html", spa_fallback="app.html").record(noindex=False))
    assert (record["missing"], record["fallback"]) == ("client/404.html", "client/app.html")
    both = json.loads(_compile("client/404.html", "prerendered/404.html").record(noindex=False))
    assert both["missing"] == "prerendered/404.html"


def test_function_package_is_no_file_of_the_site() -> None:
    """The server's code is never served."""
    site = _compile(FUNCTION_PACKAGE, function="fn")
    assert site.tables == {}
    assert json.loads(site.record(noindex=False))["shards"] == 0


def test_files_elsewhere_are_refused() -> None:
    """A static file that is in neither folder is a mistake of the build."""
    with pytest.raises(PathRefusedError, match="secret"):
        _compile("server/secret.js")


def test_record_never_outgrows_its_place() -> None:
    """A path that does not fit into the record is refused by name."""
    long = "/".join(["x" * 200] * 4)
    assert len(_compile("client/a", function="f", spa_fallback=long).record(noindex=True).encode()) <= MAX_VALUE_BYTES
    with pytest.raises(PathRefusedError, match="xxx"):
        _compile("client/a", function="f" * 200, spa_fallback=long)


_paths = st.lists(
    st.tuples(st.sampled_from(["client/", "prerendered/"]), st.text(min_size=1, max_size=30)).map("".join), max_size=60
)


def _is_publishable(paths: list[str]) -> bool:
    try:
        check_paths(dict.fromkeys(paths))
    except PathRefusedError:
        return False
    return True


@given(_paths.filter(_is_publishable), st.booleans())
def test_site_fits_the_store_and_is_always_the_same(paths: list[str], noindex: bool) -> None:
    """Whatever the files: keys and values are within the store's limits, every file is findable, order is nothing."""
    site = _compile(*paths, function="fn")
    assert _compile(*reversed(paths), function="fn") == site
    for key, value in {**site.tables, "label": site.record(noindex)}.items():
        assert len(key.encode()) <= MAX_KEY_BYTES
        assert 0 < len(value.encode()) <= MAX_VALUE_BYTES
    for path in paths:
        folder, _, address = unicodedata.normalize("NFC", path).partition("/")
        bits = next(
            (_bits(site, f"/{address}".removesuffix(end)), bit)
            for end, bit in (("/index.html", 4), (".html", 2), ("", 1))
            if f"/{address}".endswith(end)
        )
        assert bits[0] & bits[1], path
        assert folder == "client" or bits[0] & bits[1] << 3, path
