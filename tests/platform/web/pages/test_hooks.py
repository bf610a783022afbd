"""The page of a project's build hooks."""

from battleshiper.platform.model.reach import Permission

HOME = "/projects/site/hooks"


def test_a_hook_is_made_and_removed(desk) -> None:
    """Its address is shown in the answer alone, which no other page repeats."""
    assert "No build hook yet" in desk.page(HOME)
    status, text = desk.post(HOME, title="<CMS>", branch="next")
    assert (status, "/hooks/p10_" in text, "&lt;CMS&gt;" in text, "<CMS>" in text) == (201, True, True, False)
    later = desk.page(HOME)
    assert ("/hooks/p10_" in later, "<code>next</code>" in later, "never" in later) == (False, True, True)
    (hook,) = desk.store.hooks("p10")
    for _ in range(2):
        assert desk.post(f"{HOME}/remove", id=hook.id) == (303, f"{HOME}?done=hook-removed")
    assert desk.store.hooks("p10") == []


def test_what_was_typed_stays(desk) -> None:
    """With the rule beside the field."""
    status, text = desk.post(HOME, title=" ", branch="next")
    assert (status, "up to 80 characters" in text, 'value="next"' in text) == (422, True, True)


def test_readers_do_not_come_here(desk) -> None:
    """Who calls a project from outside is nothing for them."""
    desk.scene.allow(desk.project, Permission.READ)
    assert desk.client.get(HOME).status_code == 403
    assert desk.post(HOME, title="CMS")[0] == 403
    assert "/hooks" not in desk.page("/projects/site")
