"""A picture of a run: for each figure, how many times better than the best peer each contender is."""

import html
import math

KEYS = (
    "bulk.up.rate", "bulk.down.rate", "bulk.up.cpu", "bulk.down.cpu", "bbr.up.rate",
    "rate.rate", "rate.cpu", "rate.p50", "rate.p99", "rate.p999", "cold.p999", "openvpn.rate",
    "reply.64.32.rate", "reply.1024.32.rate", "reply.16384.32.rate", "reply.64.32.cpu", "reply.16384.32.cpu",
    "memory.start", "idle.memory", "start.ms", "calls.32", "calls.1",
)
LEAST, MOST = 1 / 8, 4  # the ends of the axis: what is beyond stands at the end
LEFT, WIDTH, TOP, ROW = 300, 560, 92, 26
COLOURS = {
    "haproxy": "#2f7fd6", "haproxy-splice": "#0b4f9e", "nginx": "#1d9a55", "sniproxy": "#c9369c",
    "sslh-fork": "#d98a00", "sslh-select": "#a86400", "sslh-ev": "#805000", "openvpn": "#7f7f7f",
}
STYLE = """
  text { font: 13px sans-serif; fill: #222 } .axis { stroke: #999 } .small { font-size: 12px }
  .ground { fill: #fff } .better { fill: #c8472b } .worse { fill: #dfa699 } .dot { stroke: #fff }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd } .ground { fill: #16181c } .dot { stroke: #16181c } .worse { fill: #8c4a3c }
  }
"""


def svg(results):
    rows = [figure for figure in results.measured() if figure.key in KEYS and results.best_peer(figure.key)]
    peers = [name for name in results.names if name in COLOURS]
    height = TOP + ROW * len(rows) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 70} {height}" role="img">',
        "<title>portshare and its peers</title>", f"<style>{STYLE}</style>",
        f'<rect class="ground" width="100%" height="{height}"/>',
        _text(16, 24, "Bars: portshare. Dots: the others. 1: the best of them. Further right is better (medians)."),
        *_legend(peers), *_axis(height),
    ]
    for number, figure in enumerate(rows):
        parts += _row(results, figure, peers, TOP + ROW * number)
    return "\n".join([*parts, "</svg>", ""])


def _x(ratio):
    ratio = min(max(ratio, LEAST), MOST)
    return LEFT + WIDTH * math.log(ratio / LEAST) / math.log(MOST / LEAST)


def _text(x, y, words, attributes=""):
    return f'<text x="{x:.0f}" y="{y:.0f}" {attributes}>{html.escape(words)}</text>'


def _legend(peers):
    x = 16
    for name in peers:
        yield f'<circle class="dot" cx="{x + 5}" cy="44" r="5" fill="{COLOURS[name]}"/>'
        yield _text(x + 14, 48, name, 'class="small"')
        x += 30 + 7.5 * len(name)


def _axis(height):
    for ratio, label in ((1 / 8, "1/8"), (1 / 4, "1/4"), (1 / 2, "1/2"), (1, "1"), (2, "2"), (4, "4")):
        x = _x(ratio)
        dashes = "" if ratio == 1 else ' stroke-dasharray="2 4"'
        yield f'<line class="axis" x1="{x:.0f}" x2="{x:.0f}" y1="{TOP - 12}" y2="{height - 12}"{dashes}/>'
        yield _text(x, TOP - 18, label, 'class="small" text-anchor="middle"')


def _row(results, figure, peers, y):
    middle = y + ROW / 2 - 4
    best = results.best_peer(figure.key)[1]
    yield _text(LEFT - 12, middle + 4, figure.title, 'text-anchor="end"')
    mine = results.median("portshare", figure.key)
    if mine:
        ratio = figure.advantage(mine, best)
        left, right = sorted((_x(1), _x(ratio)))
        colour = "better" if ratio >= 1 else "worse"
        yield f'<rect class="{colour}" x="{left:.1f}" y="{middle - 7}" width="{max(right - left, 2):.1f}" height="14"/>'
    for name in peers:
        value = results.median(name, figure.key)
        if value:
            x = _x(figure.advantage(value, best))
            yield f'<circle class="dot" cx="{x:.1f}" cy="{middle}" r="5" fill="{COLOURS[name]}"/>'
    if mine:
        yield _text(LEFT + WIDTH + 16, middle + 4, f"{ratio:.2f}")
