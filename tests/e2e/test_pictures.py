"""The pictures of the dashboard in docs/: drawn by a browser, of a harbour's sites.

They are kept in the folder that BATTLESHIPER_PICTURES names, else thrown away.
"""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from dashboard_scene import Scene
from e2e.chromium import NEEDS_CHROMIUM, chromium
from front import COOKIE
from playwright.sync_api import expect

from battleshiper.infra.local.serving import Listener
from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.deployment import Origin, State
from battleshiper.platform.model.pull_request import outside_branch
from battleshiper.platform.model.reach import Permission, Reach
from battleshiper.platform.model.role import Role
from battleshiper.platform.model.subscription import Limit, Subscription
from battleshiper.platform.source.port import Head, Repository

pytestmark = NEEDS_CHROMIUM
_SITE = (("function.zip", 812_000), ("client/app.js", 48_000), ("client/pier.jpg", 1_204_111), ("client/0.css", 9_120))
_LOG = "$ npm ci|added 212 packages in 4s|$ npm run build|> vite build|transforming…"


def sail(scene: Scene) -> str:
    """Fill the scene with sites, and return the id of a deployment that is being built."""
    start = scene.now
    harbour = scene.add_project("harbour")
    scene.add_deployment(harbour, State.READY, message="First light", origin=Origin.INITIAL, files=_SITE)
    scene.now = start + timedelta(days=4)
    scene.add_deployment(harbour, State.READY, message="Let visitors book a berth (#12)", author="grace", files=_SITE)
    scene.now += timedelta(hours=3)
    reason = "`npm run build` ended with exit code 1."
    scene.add_deployment(harbour, State.FAILED, message="Try another map", branch="new-map", reason=reason)
    scene.now += timedelta(minutes=30)
    reason = "It comes from a fork, and waits until somebody who may push here has looked at it."
    fork = outside_branch(14)
    scene.add_deployment(
        harbour, State.AWAITING_APPROVAL, message="Mend a typo", branch=fork, author="mallory", reason=reason
    )
    for name, state in (("tide-tables", State.READY), ("lighthouse", State.FAILED), ("regatta", State.READY)):
        scene.now += timedelta(minutes=20)
        scene.add_deployment(scene.add_project(name), state, message="Add February", reason="`npm ci` ended with 1.")
    scene.add_project("crew")
    scene.now += timedelta(minutes=1)
    building = scene.add_deployment(
        harbour, State.BUILDING, message="Warm the cache of tide tables", branch="warm-tides", author="grace", seconds=3
    )
    for text in (*_LOG.split("|"), *(f"✓ {17 * number} modules transformed." for number in range(1, 12))):
        scene.now += timedelta(seconds=0.4)
        scene.logs.append(building.id, LogKind.BUILD, text)
    head = Head("a" * 40, "Let boats be booked", "grace")
    scene.source.repositories[77] = Repository("crew/fleet", "main", head)
    package = {
        "scripts": {"build": "vite build"},
        "devDependencies": {"@sveltejs/kit": "^2"},
        "engines": {"node": ">=24"},
    }
    scene.source.texts = {"apps/booking/package.json": json.dumps(package), "docs/index.html": "", "pnpm-lock.yaml": ""}
    account = scene.entered.account.id
    scene.store.keep_reach(account, Reach({**scene.front.provider.allowed[account], 77: Permission.WRITE}, scene.now))
    scene.store.set_roles(account, list(Role))
    for name, builds in (("default", 100), ("team", 1_000)):
        limits = {Limit.DAILY_BUILDS: builds, Limit.PROJECTS: builds // 5, Limit.ALIASES: builds // 10}
        scene.store.keep_subscription(Subscription(name, limits))
    return building.id


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where pictures are kept."""
    return Path(os.environ.get("BATTLESHIPER_PICTURES", tmp_path))


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[tuple[Scene, str]]:
    """The scene, and where it is served."""
    listener = Listener("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.port}"
    scene = Scene(tmp_path, url)
    listener.serve(scene.app)
    yield scene, url
    listener.close()
    scene.close()


def test_pictures(shown: tuple[Scene, str], kept: Path) -> None:
    """The overview, a project, a deployment, an import and the subscriptions, in light and dark."""
    scene, url = shown
    building = sail(scene)
    pages = {
        "projects": ("/", "light", "Projects"),
        "project": ("/projects/harbour", "light", "harbour"),
        "deployment": (f"/deployments/{building}", "dark", "Warm the cache of tide tables"),
        "import": ("/new?repository=crew/fleet&root=apps/booking", "light", "crew/fleet"),
        "subscriptions": ("/subscriptions", "dark", "Subscriptions"),
    }
    with chromium() as browser:
        for name, (path, scheme, heading) in pages.items():
            # The scene's clock is not the browser's: without JavaScript ages are the scene's.
            context = browser.new_context(
                base_url=url,
                color_scheme="dark" if scheme == "dark" else "light",
                java_script_enabled=False,
                viewport={"width": 1120, "height": 780},
                reduced_motion="reduce",
            )
            context.add_cookies([{"name": COOKIE, "value": scene.cookie, "url": url}])
            page = context.new_page()
            page.goto(path)
            expect(page.get_by_role("heading", level=1)).to_have_text(heading)
            picture = page.screenshot(path=kept / f"dashboard-{name}.png")
            assert len(picture) > 10_000
            context.close()
