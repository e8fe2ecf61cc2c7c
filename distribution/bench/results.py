"""What all rounds gave, and the medians of it."""

import statistics

from figures import BY_KEY, FIGURES


class Results:
    def __init__(self, names):
        self.names = names
        # For each measurement made: {key: number, ...}, or {its name: the words of a failure}.
        self.kept = {name: [] for name in names}

    def add(self, name, values):
        self.kept[name].append(values)

    def samples(self, name, key):
        found = (values.get(key) for values in self.kept.get(name, ()))
        return [value for value in found if isinstance(value, (int, float))]

    def failure(self, name, key):
        """The words of the first failure, or None. One failed round is a failure: half of the truth is no figure."""
        for values in self.kept.get(name, ()):
            for what, value in values.items():
                if isinstance(value, str) and (key + ".").startswith(what + "."):
                    return value
        return None

    def median(self, name, key):
        samples = self.samples(name, key)
        return statistics.median(samples) if samples and not self.failure(name, key) else None

    def spread(self, name, key):
        samples = self.samples(name, key)
        return (min(samples), max(samples)) if samples else None

    def medians(self, key, names):
        """Of those of `names` that have one."""
        found = {name: self.median(name, key) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    def best_peer(self, key, names=None):
        """(name, median) of the best of `names`; of all proxies but portshare, where none are given. Or None."""
        if names is None:
            names = [name for name in self.names if name not in ("direct", "portshare")]
        medians = self.medians(key, names)
        if not medians:
            return None
        best = BY_KEY[key].better(medians.values())
        return next((name, value) for name, value in medians.items() if value == best)

    def measured(self):
        """The figures that anybody has a value or a failure for."""
        return [figure for figure in FIGURES
                if any(self.samples(name, figure.key) or self.failure(name, figure.key) for name in self.names)]
