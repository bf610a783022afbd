"""What one build changes against another."""

from battleshiper.platform.model.manifest import Manifest, ManifestFile
from battleshiper.platform.model.site_change import Weight, compare_sites


def manifest(**files: int) -> Manifest:
    """Return a manifest of files with so many bytes, each of its own content; `__` stands for `/`, `_` for `.`."""
    return of({name.replace("__", "/").replace("_", "."): size for name, size in files.items()})


def of(files: dict[str, int], content: str = "") -> Manifest:
    """Return a manifest of files with so many bytes."""
    made = [
        ManifestFile(path=path, bytes=size, sha256=f"{path}{size}{content}", content_type="text/html")
        for path, size in files.items()
    ]
    return Manifest(files=tuple(made))


def test_pages_come_and_go() -> None:
    """A page is an HTML file at its address, wherever it lies."""
    before = manifest(client__index_html=1, prerendered__about_html=2, client__old__index_html=3)
    after = manifest(client__index_html=2, prerendered__about_html=2, prerendered__new_html=4)
    change = compare_sites(before, after)
    assert (change.added, change.removed, change.changed) == (("/new",), ("/old",), ("/",))


def test_a_page_that_moves_between_folders_stays() -> None:
    """Prerendered or copied, it is the same page."""
    before, after = of({"client/about.html": 2}), of({"prerendered/about.html": 2})
    change = compare_sites(before, after)
    assert (change.added, change.removed, change.changed) == ((), (), ("/about",))


def test_what_a_server_answers() -> None:
    """Comes and goes like a page; whether it changed is not told, nor is anything where one of the two is unknown."""
    before = Manifest(files=manifest(prerendered__about_html=1).files, routes=("/", "/api/old", "/blog/[slug]"))
    after = Manifest(files=manifest(prerendered__new_html=1).files, routes=("/", "/about", "/shop/[...rest]"))
    change = compare_sites(before, after)
    assert change.added == ("/new", "/shop/[...rest]")
    assert change.removed == ("/api/old", "/blog/[slug]")
    assert change.changed == ()
    unknown = Manifest(files=after.files)
    for pair in ((before, unknown), (unknown, before)):
        change = compare_sites(*pair)
        assert {*change.added, *change.removed} == {"/about", "/new"}


def test_scripts_are_weighed() -> None:
    """JavaScript that browsers may load, and everything together."""
    before = of({"client/a.js": 100, "client/b.mjs": 50, "client/c.css": 10, "function.zip": 1000})
    after = of({"client/a.js": 130, "client/c.css": 5, "function.zip": 900})
    change = compare_sites(before, after)
    assert (change.script.before, change.script.after, change.script.delta) == (150, 130, -20)
    assert (change.total.before, change.total.after) == (1160, 1035)


def test_the_largest_movers_come_first() -> None:
    """What bundlers put into names to tell versions apart is no part of a name."""
    before = of(
        {
            "client/_app/immutable/entry/app.D3v-x_1y.js": 100,
            "client/_app/immutable/nodes/0.AAAAAAAA.js": 10,
            "client/_app/immutable/chunks/Bx7Yz123.js": 40,
            "client/_app/immutable/chunks/Cx7Yz123.js": 60,
            "client/same.js": 5,
        }
    )
    after = of(
        {
            "client/_app/immutable/entry/app.BBBBBBBB.js": 90,
            "client/_app/immutable/nodes/0.CCCCCCCC.js": 40,
            "client/_app/immutable/chunks/Dx7Yz123.js": 105,
            "client/same.js": 5,
            "function.zip": 7,
        }
    )
    assert compare_sites(before, after).movers == (
        Weight("_app/immutable/nodes/0.js", 10, 40),
        Weight("_app/immutable/entry/app.js", 100, 90),
        Weight("server function", 0, 7),
        Weight("_app/immutable/chunks/*.js", 100, 105),
    )


def test_the_same_changes_nothing() -> None:
    """Two builds of the same are no change."""
    same = of({"client/index.html": 1, "client/a.js": 2})
    change = compare_sites(same, same)
    assert (change.added, change.removed, change.changed, change.movers) == ((), (), (), ())
