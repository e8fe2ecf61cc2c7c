"""Puts the results of a run into a page of the documentation, between two comments."""

import pathlib

BEGIN, END = "<!-- results of distribution/bench/run -->", "<!-- end of results -->"


def replace(page, text):
    page = pathlib.Path(page)
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page}: no lines {BEGIN} and {END}")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}")
