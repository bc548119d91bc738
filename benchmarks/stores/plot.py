"""A picture of the figures: one panel for each operation, both axes logarithmic."""

import math
from collections.abc import Mapping
from html import escape

WIDTH, HEIGHT = 230, 220  # of a panel
LEFT, TOP, GAP, LINE = 48, 34, 34, 16
COLOURS = {
    "ours": "#0b7a4b",
    "floor": "#8a8f98",
    "lists, as in the samples": "#b3261e",
    "SQLiteSession": "#b06f00",
    "SQLAlchemySession": "#7a4fd0",
    "langgraph": "#1769c4",
    "Chainlit": "#c2348f",
}
DASHES = {"memory": "2 3", "SQLite": "6 3", "PostgreSQL": "none"}


def draw(
    figures: Mapping[tuple[str, str, int], float], operations: Mapping[str, str], sizes: list[int]
) -> str:
    low = math.floor(math.log10(min(figures.values())))
    high = math.ceil(math.log10(max(figures.values())))

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
                label = f"{10.0**power:g} ms"
                parts.append(f'<text x="-6" y="{height + 4:.1f}" text-anchor="end">{label}</text>')
        for size in sizes:
            anchor = {sizes[0]: "start", sizes[-1]: "end"}.get(size, "middle")
            parts.append(
                f'<text x="{x(size):.1f}" y="{HEIGHT + 16}" text-anchor="{anchor}">{size:,}</text>'
            )
        lines: dict[str, list[tuple[int, float]]] = {}
        for (measured, label, size), took in sorted(figures.items()):
            if measured == operation:
                lines.setdefault(label, []).append((size, took))
        for label, points in lines.items():
            family, _, name = label.partition(": ")
            path = "L".join(f"{x(size):.1f} {y(took):.1f}" for size, took in points)
            width = 2.5 if name == "ours" else 1.5
            parts.append(
                f'<path d="M{path}" fill="none" stroke="{COLOURS[name]}" stroke-width="{width}" '
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
