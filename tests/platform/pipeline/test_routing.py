"""Routes follow the store, also when several processes write them."""

import pytest


@pytest.mark.parametrize("write", ["move", "repair", "rebuild"])
def test_a_late_writer_does_not_bring_an_older_deployment_back(world, monkeypatch: pytest.MonkeyPatch, write) -> None:
    """What one process read of the store is old when it comes to writing: another has moved on meanwhile."""
    older, newer = world.deploy("a" * 40), world.deploy("b" * 40)
    world.routing.move("site", older)
    if write == "repair":
        world.routes.write({"site": None})
    kept = {name: getattr(world.routes, name) for name in ("write", "rebuild")}

    def write_late(name):
        def late(entries):
            for each, method in kept.items():
                monkeypatch.setattr(world.routes, each, method)
            world.store.move_alias("site", newer)
            kept["write"]({"site": "what the other process writes"})
            kept[name](entries)

        return late

    for name in kept:
        monkeypatch.setattr(world.routes, name, write_late(name))
    if write == "move":
        world.routing.move("site", older)
    else:
        getattr(world.routing, write)()
    assert f'"{newer.id}"' in world.routes.get("site")
