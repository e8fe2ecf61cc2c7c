"""The tables of a run, in Markdown."""

from goals import verdicts

WORDS = {True: "met", False: "**missed**"}


def tables(results):
    parts = [
        "Medians. Last two columns: how many times better portshare is than the best peer, and than no proxy at all; "
        "above 1 it is better, whether more or less is good.",
        _table(results, _median, last=("best peer", "direct")),
        "Goals, and how many times better portshare is than the one it is held against:",
        _goals(results),
        "Smallest and largest of the rounds:",
        _table(results, _spread),
    ]
    return "\n\n".join(parts) + "\n"


def _table(results, cell, last=()):
    rows = [["", *results.names, *last]]
    for figure in results.measured():
        title = figure.title + (f", {figure.unit}" if figure.unit else "")
        row = [title, *(cell(results, name, figure) for name in results.names)]
        if last:
            row += [_ratio_to_best(results, figure), _ratio(results, figure, "direct")]
        rows.append(row)
    return _markdown(rows)


def _median(results, name, figure):
    failure = results.failure(name, figure.key)
    if failure:
        return failure
    median = results.median(name, figure.key)
    return "" if median is None else figure.text(median)


def _spread(results, name, figure):
    spread = results.spread(name, figure.key)
    return "" if spread is None else f"{figure.text(spread[0])} to {figure.text(spread[1])}"


def _ratio_to_best(results, figure):
    best = results.best_peer(figure.key)
    return f"{ratio} ({best[0]})" if best and (ratio := _ratio(results, figure, best[0])) else ""


def _ratio(results, figure, name):
    mine, theirs = results.median("portshare", figure.key), results.median(name, figure.key)
    return f"{figure.advantage(mine, theirs):.2f}" if mine and theirs else ""


def _goals(results):
    rows = [["goal", "", ""]]
    rows += [[verdict.goal, WORDS[verdict.met], verdict.told] for verdict in verdicts(results)]
    return _markdown(rows)


def _markdown(rows):
    lines = ["|" + "|".join(f" {cell} " if cell else " " for cell in row) + "|" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join(lines)
