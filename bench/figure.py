"""Draws the measurements of compare.py as one SVG: a bar for each program and case, and time over size.

    figure.py MEASUREMENTS.json FIGURE.svg

Colours are Okabe and Ito's, which people who confuse red and green tell apart; bars carry their numbers, lines differ in
dashes and marks as well.
"""

import json
import math
import statistics
import sys
from xml.sax.saxutils import escape

COLOURS = {
    "radiomicsd, 1 thread": "#56B4E9", "radiomicsd, 2 threads": "#0072B2", "pictologics warm": "#E69F00",
    "PyRadiomics warm": "#D55E00",
}
OTHER = "#999999"
WIDTH, LEFT, RIGHT = 880, 190, 80
FONT = 'font-family="DejaVu Sans, Helvetica, Arial, sans-serif"'


def seconds_text(value):
    return f"{value * 1000:.3g} ms" if value < 0.9995 else f"{value:.3g} s"


class Drawing:
    def __init__(self):
        self.parts = []

    def line(self, x1, y1, x2, y2, colour="#000000", width=1.0, dash=""):
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"'
            + (f' stroke-dasharray="{dash}"' if dash else "") + "/>")

    def text(self, x, y, words, anchor="start", size=13, weight="normal", colour="#000000"):
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
            f'fill="{colour}">{escape(words)}</text>')

    def add(self, part):
        self.parts.append(part)


def ticks(low, high):
    """1, 10, 100 … that lie between."""
    return [10.0 ** e for e in range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)]


def bars(drawing, results, top):
    """Seconds of each program and case on a logarithmic axis; returns where the panel ends."""
    shown = [r for r in results if r["profile"] == "ctu-982"] or results
    values = [statistics.median(p["seconds"]) for r in shown for n, p in r["programs"].items() if n in COLOURS]
    low, high = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)))
    scale = (WIDTH - LEFT - RIGHT) / math.log10(high / low)
    place = lambda v: LEFT + scale * math.log10(v / low)  # noqa: E731
    drawing.text(16, top, "Features of one tumour, seconds (logarithmic)", size=16, weight="bold")
    y = top + 22
    first, grid = y, len(drawing.parts)
    for result in shown:
        size = result.get("voxels")
        words = ", " + f"{size:,} voxels".replace(",", " ") if size else ""
        drawing.text(16, y + 12, result["case"] + words, weight="bold")
        y += 18
        for name, program in result["programs"].items():
            if name not in COLOURS:
                continue
            median = statistics.median(program["seconds"])
            drawing.text(LEFT - 8, y + 13, name.replace(" warm", ", warm"), anchor="end", size=11)
            drawing.add(
                f'<rect x="{LEFT}" y="{y + 2:.1f}" width="{max(place(median) - LEFT, 1):.1f}" height="14" '
                f'fill="{COLOURS[name]}"/>')
            drawing.text(place(median) + 5, y + 14, seconds_text(median), size=12)
            y += 18
        y += 10
    for tick in ticks(low, high):
        drawing.text(place(tick), y + 6, seconds_text(tick), anchor="middle", size=11)
        # Behind the bars.
        lines = Drawing()
        lines.line(place(tick), first + 18, place(tick), y - 8, "#cccccc", 0.7)
        drawing.parts[grid:grid] = lines.parts
    return y + 20


def curve(drawing, scaling, top):
    """Seconds over voxels of the region, both logarithmic."""
    drawing.text(16, top, "Time over the size of the region (profile ctu-982)", size=16, weight="bold")
    sizes = [point["voxels"] for point in scaling]
    names = [n for n in COLOURS if any(n in point["programs"] for point in scaling)]
    values = [statistics.median(p["programs"][n]["seconds"]) for p in scaling for n in names if n in p["programs"]]
    height = 300
    low_x, high_x = min(sizes) * 0.8, max(sizes) * 1.25
    low_y, high_y = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)))
    bottom = top + 20 + height
    x_of = lambda v: LEFT + (WIDTH - LEFT - RIGHT) * math.log(v / low_x) / math.log(high_x / low_x)  # noqa: E731
    y_of = lambda v: bottom - height * math.log(v / low_y) / math.log(high_y / low_y)  # noqa: E731
    for tick in ticks(low_y, high_y):
        drawing.line(LEFT, y_of(tick), WIDTH - RIGHT, y_of(tick), "#cccccc", 0.7)
        drawing.text(LEFT - 8, y_of(tick) + 4, seconds_text(tick), anchor="end", size=11)
    for tick in ticks(low_x, high_x):
        drawing.line(x_of(tick), top + 20, x_of(tick), bottom, "#cccccc", 0.7)
        label = f"{tick / 1e6:g} million" if tick >= 1e6 else f"{tick / 1e3:g} thousand"
        drawing.text(x_of(tick), bottom + 18, label, anchor="middle", size=11)
    drawing.text((LEFT + WIDTH - RIGHT) / 2, bottom + 38, "voxels of the region at 1 mm", anchor="middle", size=12)
    dashes = {"radiomicsd, 1 thread": "7 4", "pictologics warm": "2 3"}
    for k, name in enumerate(names):
        points = sorted(
            (p["voxels"], statistics.median(p["programs"][name]["seconds"])) for p in scaling if name in p["programs"])
        path = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in points)
        drawing.add(
            f'<polyline points="{path}" fill="none" stroke="{COLOURS[name]}" stroke-width="2" '
            f'stroke-dasharray="{dashes.get(name, "")}"/>')
        for x, y in points:
            if k % 2:
                drawing.add(
                    f'<rect x="{x_of(x) - 4:.1f}" y="{y_of(y) - 4:.1f}" width="8" height="8" fill="{COLOURS[name]}"/>')
            else:
                drawing.add(f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="4.5" fill="{COLOURS[name]}"/>')
        y = top + 40 + 18 * k
        drawing.line(LEFT + 16, y - 4, LEFT + 46, y - 4, COLOURS[name], 2, dashes.get(name, ""))
        drawing.text(LEFT + 54, y, name, size=12)
    return bottom + 56


def draw(measurements):
    drawing = Drawing()
    end = bars(drawing, measurements["cases"], 30)
    if len(measurements.get("scaling", [])) > 1:
        end = curve(drawing, measurements["scaling"], end + 16)
    machine = measurements["machine"]
    drawing.text(
        16, end + 4, f"{machine['processor']}, {machine['processors']} processors, {measurements['date']}; medians; "
        "radiomicsd is the whole process, the others' imports and compilation are left out", size=11, colour="#444444")
    summary = "; ".join(
        f"{r['case']}: " + ", ".join(
            f"{n} {seconds_text(statistics.median(p['seconds']))}" for n, p in r["programs"].items() if n in COLOURS)
        for r in measurements["cases"] if r["profile"] == "ctu-982")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {end + 20:.0f}" width="{WIDTH}" '
        f'height="{end + 20:.0f}" role="img" aria-labelledby="title description" {FONT}>\n'
        '<title id="title">Time that radiomicsd and other programs take for the features of a tumour</title>\n'
        f'<desc id="description">{escape(summary)}</desc>\n'
        f'<rect width="{WIDTH}" height="{end + 20:.0f}" fill="#ffffff"/>\n' + "\n".join(drawing.parts) + "\n</svg>\n")


if __name__ == "__main__":
    with open(sys.argv[1]) as source:
        picture = draw(json.load(source))
    with open(sys.argv[2], "w") as target:
        target.write(picture)
