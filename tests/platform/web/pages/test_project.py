"""A project's page shows what is live and why, and its deployments as they were asked for."""

from battleshiper.platform.model.deployment import State


def test_nothing_in_production(desk) -> None:
    """It says what to do."""
    text = desk.page("/projects/site")
    assert "Nothing is in production yet" in text
    assert "No deployment yet" in text


def test_production_now(desk) -> None:
    """It names commit, author, age and address of what is live."""
    desk.scene.add_deployment(desk.project, State.READY, message="Say hello", author="grace")
    text = desk.page("/projects/site")
    assert 'href="http://site.localhost:8787"' in text
    assert '<time datetime="2026-03-01T12:00:21.000Z" title="2026-03-01 12:00:21 UTC" data-age>just now</time>' in text
    assert "grace" in text
    assert "in production" in text


def test_why_an_older_one_is_live(desk) -> None:
    """After a rollback it says what was live, after a promotion that it was one."""
    first, _ = (desk.scene.add_deployment(desk.project, State.READY) for _ in range(2))
    preview = desk.scene.add_deployment(desk.project, State.READY, branch="idea")
    desk.scene.operations.rollback("site", first.id)
    assert "Shown again: #2 was live after it." in desk.page("/projects/site")
    desk.scene.operations.promote("site", preview.id)
    assert "A preview that was promoted." in desk.page("/projects/site")


def test_filters(desk) -> None:
    """By branch, environment and state; what was chosen stays chosen, and nonsense is not asked for."""
    desk.scene.add_deployment(desk.project, State.READY, message="on main")
    desk.scene.add_deployment(desk.project, State.FAILED, message="on idea", branch="idea", reason="It broke.")
    for query, shown, left_out in (
        ("branch=idea", "on idea", ">on main"),
        ("environment=preview", "on idea", 'class="cover" href="/deployments/d1"'),
        ("state=ready", "on main", "It broke."),
    ):
        text = desk.page(f"/projects/site?{query}")
        listed = text[text.index("Filter the deployments") :]
        assert shown in listed
        assert left_out not in listed
        assert "Show all" in listed
    assert '<option value="ready" selected>' in desk.page("/projects/site?state=ready")
    assert "No deployment is like that" in desk.page("/projects/site?branch=none")
    assert "It broke." in desk.page("/projects/site?state=nonsense&environment=x&before=x")


def test_pages_of_the_list(desk) -> None:
    """Twenty at a time, with a way to the older ones and back to the newest."""
    for number in range(45):
        desk.scene.add_deployment(desk.project, State.SUPERSEDED, message=f"commit-{number:02}", seconds=1)
    first = desk.page("/projects/site")
    assert first.count('<li class="deployment">') == 20
    assert "commit-44" in first
    assert "?before=26#deployments" in first
    last = desk.page("/projects/site?before=6")
    assert last.count('<li class="deployment">') == 5
    assert ("commit-00" in last, "Older" in last, "Newest" in last) == (True, False, True)


def test_nothing_to_roll_back_to(desk) -> None:
    """The button is not there where it could do nothing, and is where something may be on another page."""
    desk.scene.add_deployment(desk.project, State.READY)
    desk.scene.add_deployment(desk.project, State.FAILED)
    assert "Roll back" not in desk.page("/projects/site")
    assert "Roll back" in desk.page("/projects/site?state=failed")
    desk.scene.add_deployment(desk.project, State.READY)
    assert "Roll back" in desk.page("/projects/site")


def test_roll_back(desk) -> None:
    """The button shows the one before; pressed twice, or on an old page, it is done once."""
    first, second = (desk.scene.add_deployment(desk.project, State.READY) for _ in range(2))
    assert desk.post("/projects/site/rollback", live=second.id) == (303, "/projects/site?done=rolled-back")
    text = desk.page("/projects/site?done=rolled-back")
    assert "Production shows this earlier deployment again." in text
    assert "Roll back to" not in text
    status, said = desk.post("/projects/site/rollback", live=second.id)
    assert (status, "Somebody else was faster" in said) == (409, True)
    status, said = desk.post("/projects/site/rollback", live=first.id)
    assert (status, "no earlier production deployment" in said) == (409, True)
