"""Usage shows every limit of the account, and what was used of it."""

from battleshiper.platform.model.reach import Permission
from battleshiper.platform.model.subscription import Limit, Subscription, day_of
from battleshiper.platform.web.words import write_size


def test_what_was_used(desk) -> None:
    """Beside what may be, with when counting begins anew."""
    store, project = desk.scene.store, desk.project
    text = desk.page("/projects/site/usage")
    assert text.count("no limit") == len(Limit)
    limits = {Limit.DAILY_BUILDS: 1200, Limit.CLIENT_BYTES: 5 * 1024**2}
    store.keep_subscription(Subscription("default", limits))
    store.count(project.account_id, Limit.DAILY_BUILDS, day_of(desk.scene.now), "d1", None)
    text = desk.page("/projects/site/usage")
    assert "1,200" in text
    assert write_size(5 * 1024**2) in text
    assert '<meter min="0" max="1200"' in text
    assert "00:00 UTC on 2026-03-02" in text


def test_who_may_look(desk) -> None:
    """Whoever sees the project; to others there is nothing."""
    desk.scene.allow(desk.project, Permission.READ)
    assert 'aria-current="page">Usage' in desk.page("/projects/site/usage")
    desk.scene.allow(desk.project, None)
    assert desk.client.get("/projects/site/usage").status_code == 404
