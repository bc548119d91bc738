"""A picture of the figures: one panel for each operation, both axes logarithmic."""

import itertools
import math
from collections.abc import Mapping
from html import escape

WIDTH, HEIGHT = 230, 220  # of a panel
LEFT, TOP, GAP, LINE = 56, 34, 34, 16
SECOND = 3  # the power of ten in milliseconds
COLOURS = {
    "ours": "#0b7a4b",
    "floor": "#8a8f98",
    "lists, as in the samples": "#b3261e",
    "SQLiteSession": "#b06f00",
    "SQLAlchemySession": "#7a4fd0",
    "langgraph": "#1769c4",
    "Chainlit": "#c2348f",
}
DASHES = {"Memory": "2 3", "SQLite": "6 3", "PostgreSQL": "none"}


def draw(
    families: Mapping[str, Mapping[tuple[str, str, int], float]],
    operations: Mapping[str, str],
    sizes: list[int],
) -> str:
    """`families` holds milliseconds by operation, subject and size."""
    all_times = [took for figures in families.values() for took in figures.values()]
    low, high = math.floor(math.log10(min(all_times))), math.ceil(math.log10(max(all_times)))

    def x(size: int) -> float:
        spread = math.log10(sizes[-1]) - math.log10(sizes[0])
        return WIDTH * (math.log10(size) - math.log10(sizes[0])) / spread

    def y(took: float) -> float:
        return HEIGHT * (high - math.log10(took)) / (high - low)

    parts = []
    for n, (operation, title) in enumerate(operations.items()):
        parts.append(f'<g transform="translate({LEFT + n * (WIDTH + GAP)} {TOP})">')
        parts.append(f'<text y="-12" font-weight="600">{escape(title)}</text>')
        for power in range(low, high + 1):
            height = y(10.0**power)
            parts.append(f'<path d="M0 {height:.1f}H{WIDTH}" stroke="#8883"/>')
            if n == 0:
                label = f"{10**power:g} ms" if power < SECOND else f"{10 ** (power - SECOND):g} s"
                parts.append(f'<text x="-6" y="{height + 4:.1f}" text-anchor="end">{label}</text>')
        for size in sizes:
            anchor = {sizes[0]: "start", sizes[-1]: "end"}.get(size, "middle")
            parts.append(
                f'<text x="{x(size):.1f}" y="{HEIGHT + 16}" text-anchor="{anchor}">{size:,}</text>'
            )
        for family, name in itertools.product(families, COLOURS):
            figures = families[family]
            points = [(size, figures.get((operation, name, size))) for size in sizes]
            path = "L".join(f"{x(size):.1f} {y(took):.1f}" for size, took in points if took)
            if path:
                parts.append(
                    f'<path d="M{path}" fill="none" stroke="{COLOURS[name]}" '
                    f'stroke-width="{2.5 if name == "ours" else 1.2}" '
                    f'stroke-dasharray="{DASHES[family]}"/>'
                )
        parts.append("</g>")
    bottom = TOP + HEIGHT + 44
    keys = [(colour, "none", name) for name, colour in COLOURS.items()]
    keys += [("#8a8f98", dash, family) for family, dash in DASHES.items()]
    for n, (colour, dash, name) in enumerate(keys):
        column, row = divmod(n, 2)
        left, top = LEFT + column * 200, bottom + row * LINE
        parts.append(
            f'<path d="M{left} {top}h24" stroke="{colour}" stroke-width="2" '
            f'stroke-dasharray="{dash}"/><text x="{left + 30}" y="{top + 4}">{escape(name)}</text>'
        )
    width = LEFT + len(operations) * (WIDTH + GAP)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom + 2 * LINE}" '
            'font-family="system-ui, sans-serif" font-size="11" fill="#6b7078">',
            *parts,
            "</svg>\n",
        ]
    )
