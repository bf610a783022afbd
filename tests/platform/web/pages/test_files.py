"""The page of files and routes."""

from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.manifest import Manifest, ManifestFile
from battleshiper.platform.web.pages.files import prerendered_pages


def test_files_and_routes(desk) -> None:
    """Files by address with their sizes, largest first; what the server renders, and what the build did."""
    files = [
        ("client/app.js", 30_500),
        ("client/big.bin", 2_000_000),
        ("prerendered/about.html", 900),
        ("function.zip", 5),
    ]
    deployment = desk.scene.add_deployment(desk.project, State.READY, files=files, routes=("/blog/[slug]",))
    text = desk.page(f"/deployments/{deployment.id}/files")
    assert text.index("/big.bin") < text.index("/app.js") < text.index("/about.html")
    for said in ("30.5 kB", "2.0 MB", "900 B", "<code>/blog/[slug]</code>", "<code>/about</code>", "5 B packed"):
        assert said in text
    assert "function.zip" not in text


def test_search_and_many_files(desk) -> None:
    """The largest are listed, and search finds the others."""
    files = [(f"client/{number}.txt", 1000 - number) for number in range(300)]
    deployment = desk.scene.add_deployment(desk.project, State.READY, files=files)
    path = f"/deployments/{deployment.id}/files"
    text = desk.page(path)
    assert ("/0.txt" in text, "/299.txt" in text) == (True, False)
    assert "The 200 largest of 300 are listed" in text
    assert "/299.txt" in desk.page(f"{path}?q=299")
    assert "No file is called like that" in desk.page(f"{path}?q=nothing")


def test_nothing_is_served(desk) -> None:
    """What is not ready, or has expired, or whose record is lost says so."""
    building = desk.scene.add_deployment(desk.project, State.BUILDING)
    assert "as soon as it is ready" in desk.page(f"/deployments/{building.id}/files")
    failed = desk.scene.add_deployment(desk.project, State.FAILED)
    assert "Nothing of this deployment is served" in desk.page(f"/deployments/{failed.id}/files")
    ready = desk.scene.add_deployment(desk.project, State.READY, branch="idea")
    desk.scene.objects.delete("records/")
    assert "No files" in desk.page(f"/deployments/{ready.id}/files")
    desk.store.expire(ready, {f"site-{ready.id}", "site-git-idea"})
    assert "has expired" in desk.page(f"/deployments/{ready.id}/files")


def test_addresses_of_prerendered_pages() -> None:
    """As visitors ask for them, whatever form the framework writes."""
    names = ("index.html", "about.html", "docs/index.html", "docs/a.html", "feed.xml")
    files = tuple(
        ManifestFile(path=f"prerendered/{name}", bytes=1, sha256="", content_type="text/html") for name in names
    )
    assert prerendered_pages(Manifest(files=files)) == ["/", "/about", "/docs", "/docs/a"]
