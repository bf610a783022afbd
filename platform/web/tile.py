"""A small picture for a project, drawn from its name alone: always the same one, and nothing of the site runs in it."""

from hashlib import sha256

_HUES = (205, 222, 240, 258, 276, 312, 340, 14, 152, 172, 190)
"""In degrees: those that are calm beside the states' colours."""
_ROWS = (38, 50, 62)


def draw_tile(name: str) -> str:
    """Return the picture as SVG: a page in a browser's window, in colours and a layout of the name's own."""
    chosen = sha256(name.encode("utf-8", "surrogatepass")).digest()
    hue = _HUES[chosen[0] % len(_HUES)]
    layout = (_columns, _article, _hero)[chosen[1] % 3](chosen)
    return (
        '<svg class="tile" viewBox="0 0 160 90" aria-hidden="true" focusable="false" '
        'preserveAspectRatio="xMidYMin slice">'
        f'<rect width="160" height="90" fill="hsl({hue} 48% 72%)"/>'
        f'<circle cx="{chosen[2] % 160}" cy="{chosen[3] % 90}" r="{50 + chosen[4] % 30}" '
        f'fill="hsl({(hue + 30) % 360} 55% 79%)"/>'
        '<rect x="22" y="16" width="116" height="90" rx="5" fill="#fff" fill-opacity=".94"/>'
        f'<g fill="hsl({hue} 38% 46%)">{layout}</g></svg>'
    )


def _box(x: int, y: int, width: int, height: int, opacity: str = ".22") -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="2" fill-opacity="{opacity}"/>'


def _bar(chosen: bytes) -> str:
    return _box(30, 23, 10 + chosen[5] % 14, 4, ".8") + "".join(_box(104 + 9 * each, 23, 6, 4) for each in range(3))


def _columns(chosen: bytes) -> str:
    columns = "".join(_box(30 + 34 * each, 52, 30, 22) + _box(30 + 34 * each, 77, 22, 3) for each in range(3))
    return _bar(chosen) + _box(30, 35, 44 + chosen[6] % 30, 7, ".6") + columns


def _article(chosen: bytes) -> str:
    lines = "".join(_box(30, y + 8, 40 + chosen[7 + at] % 22, 4) for at, y in enumerate(_ROWS))
    return _bar(chosen) + _box(30, 34, 50, 7, ".6") + lines + _box(102, 34, 28, 46)


def _hero(chosen: bytes) -> str:
    wide = 50 + chosen[8] % 30
    title = _box(80 - wide // 2, 40, wide, 8, ".6") + _box(56, 53, 48, 4)
    return _bar(chosen) + title + _box(68, 63, 24, 9, ".8")
