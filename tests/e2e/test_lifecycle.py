"""The App and its repositories live on at GitHub; sites stay, and projects follow."""

from collections.abc import Iterator
from typing import Any

import pytest
from e2e.harness import Platform, until

from battleshiper.infra.local.github.person import Person
from battleshiper.infra.local.running import run
from battleshiper.infra.local.settings import Settings


@pytest.fixture
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of one's own, whose App may be taken away."""
    folder = tmp_path_factory.mktemp("platform")
    with run(Settings(folder / "data", port=0, github_port=0)) as running:
        platform = Platform(running, folder)
        yield platform
        platform.close()


def project(platform: Platform) -> dict[str, Any]:
    """Return the one project."""
    (found,) = platform.client.get("/projects")
    return dict(found)


def test_the_life_of_an_installation(alone: Platform) -> None:
    """Suspended, renamed, archived, taken away and given back: what was missed is built, and the site never goes."""
    owner = Person.owner(alone.running.github.url, alone.running.settings.data_dir / "github")
    checkout = alone.checkout("living", "plain-html")
    site = alone.ready(checkout)
    repository = alone.running.repository_name("living")

    owner.suspend()
    until(lambda: project(alone)["access"] == "suspended")
    (checkout.folder / "index.html").write_text("missed")
    checkout.commit()
    missed = checkout.push()
    assert site.get("/").status_code == 200
    owner.unsuspend()
    assert alone.follow(missed)["origin"] == "missed"
    until(lambda: site.get("/").text == "missed")
    assert project(alone)["access"] == "granted"

    renamed = owner.rename(repository, "renamed")
    until(lambda: project(alone)["repository"] == renamed)
    assert project(alone)["name"] == "living"
    owner.set_archived(renamed, archived=True)
    until(lambda: project(alone)["access"] == "archived")
    owner.set_archived(renamed, archived=False)
    until(lambda: project(alone)["access"] == "granted")

    owner.remove_from_app(renamed)
    until(lambda: project(alone)["access"] == "removed")
    (checkout.folder / "index.html").write_text("missed again")
    checkout.commit()
    again = checkout.push()
    owner.add_to_app(renamed)
    assert alone.follow(again)["origin"] == "missed"
    until(lambda: site.get("/").text == "missed again")
    assert len(alone.client.get("/deployments", limit=200)) == 3
    owner.delete(renamed)
    until(lambda: project(alone)["access"] == "deleted")
    assert site.get("/").text == "missed again"
