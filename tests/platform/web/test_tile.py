"""The picture of a project."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.web.tile import draw_tile


@given(st.text())
def test_it_is_small_and_inert(name: str) -> None:
    """Whatever the name, it is a small SVG of shapes alone, always the same, hidden from screen readers."""
    tile = draw_tile(name)
    assert tile == draw_tile(name)
    assert len(tile) < 1500
    root = ElementTree.fromstring(tile)  # noqa: S314 - drawn by us
    assert {element.tag for element in root.iter()} <= {"svg", "rect", "circle", "g"}
    assert root.get("aria-hidden") == "true"
    assert not any(":" in value for element in root.iter() for value in element.attrib.values())
