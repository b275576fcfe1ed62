"""The measurements as one table for a terminal and as a page for the documents."""

import goals

COLUMNS = (
    "data",
    "tool",
    "best F1",
    "P",
    "R",
    "F1 p≥.95",
    "F1 p≥.99",
    "P p≥.99",
    "chained",
    "joined",
    "ECE",
    "reach",
    "pairs",
    "pairs/s",
    "CPU s",
    "wall s",
    "MiB",
)


def rows(report):
    for data in report["data"]:
        for tool in ("candour", "splink"):
            told = data.get(tool)
            if told is None:
                continue
            grouped = told.get("one_to_one") or told.get("clusters")
            yield (
                data["name"] if tool == "candour" else "",
                tool,
                f"{told['best']['F1']:.5f}",
                f"{told['best']['P']:.4f}",
                f"{told['best']['R']:.4f}",
                f"{told['p95']['F1']:.5f}",
                f"{told['p99']['F1']:.5f}",
                f"{told['p99']['P']:.5f}",
                f"{grouped['F1']:.5f}",
                f"{told['joined']['F1']:.5f}" if "joined" in told else "",
                f"{told['calibration_error']:.4f}",
                f"{told['reach']:.4f}",
                f"{told['scored_pairs']:,}",
                f"{told['pairs_per_second']:,}",
                f"{told['cpu_seconds']:.2f}",
                f"{told['wall_seconds']:.2f}",
                f"{told['peak_mib']:,}",
            )


def aligned(lines):
    lines = [list(map(str, line)) for line in lines]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    for line in lines:
        cells = [cell.ljust(w) if place < 2 else cell.rjust(w) for place, (cell, w) in enumerate(zip(line, widths))]
        yield "  ".join(cells).rstrip()


def markdown(lines):
    lines = [list(map(str, line)) for line in lines]
    yield f"| {' | '.join(lines[0])} |"
    yield f"|{'|'.join(['---'] * 2 + ['--:'] * (len(lines[0]) - 2))}|"
    for line in lines[1:]:
        yield f"| {' | '.join(line)} |"


def untuned(report):
    """What Candour gives somebody who sets nothing: its grades and its clusters."""
    yield ("data", "links", "P", "R", "F1")
    for data in report["data"]:
        told = data["candour"]
        for name, what in (("certain", "graded certain"), ("own_clusters", "clusters as written")):
            if name in told:
                yield (data["name"], what, *(f"{told[name][k]:.5f}" for k in ("P", "R", "F1")))


def fairness(report):
    yield ("by", "group", "records", "missed", "false")
    for view, told in report["fairness"].items():
        for group, rates in told["groups"].items():
            as_share = lambda rate: "-" if rate is None else f"{rate:.4f}"
            yield (view, group, f"{rates['records']:,}", as_share(rates["missed"]), as_share(rates["false"]))
        yield (view, "highest to lowest missed", "", told["highest_to_lowest_missed"] or "-", "")


def for_terminal(report):
    parts = ["\n".join(aligned([COLUMNS, *rows(report)])), "\n".join(aligned(list(untuned(report))))]
    parts.append("\n".join(aligned(list(goals.rows(report)))))
    if "fairness" in report:
        parts.append("\n".join(aligned(list(fairness(report)))))
    return "\n\n".join(parts)


PAGE = """# Matching, measured

`make bench-matching` measured this on {machine}, Candour at {commit} ({build}), beside {splink}; the same figures are in
[bench-matching.json](bench-matching.json). It sets Splink up in a virtual environment, gives both tools the same files and counts both tools' pairs with one
evaluator. As it began, {load} tasks wanted the processors at once: wall seconds and pairs/s are of a machine that is shared, and CPU seconds can be trusted further.

- *Best F1* uses the threshold that the truth says is best, so it is an upper bound for either tool. *p≥.95* and *p≥.99* are what somebody gets who has no truth.
- *Chained* is what connected components give at the best of thirteen thresholds, for both tools by the evaluator; where two files are linked, each record's best
  free partner. *Joined* is the clusters that Candour writes, at the best of five probabilities (`--join-at`), among the invented people at what is certain.
- *ECE* is the expected calibration error: how far the probabilities that were told are from the share that is true, over ten bands of
  the pairs that were told to be of one person with one in a hundred or more.
- *Reach* is the share of true pairs that a tool looked at: a pair never looked at counts as missed everywhere.
- Candour is given the file, the name of its id column and the columns to leave out (the truth). Splink is given comparisons, blocking and training rules as its
  documentation would have an expert write them (`scripts/bench-matching/datasets.py`).
- *Pairs* is how many a tool judged: where Candour judges many times as many, its seconds are for finding whom the other never looks at. *Pairs/s* is over scoring alone; *CPU s* over everything from reading to writing (without Python's start); *MiB* the highest memory of the process.

{main}

## What somebody gets who sets nothing

{untuned}

## Against what it is to reach

{goals}
{fairness}{found}"""

FAIR = """
## By sex, age and origin of the name

{people:,} invented people in {records:,} records (`candour match generate`). *Missed* is the share of a group's true pairs that were not joined, *false* the share
of the joined pairs that are not of one person. No group should be missed half as often again as another.

{table}
"""


FOUND = """
## One among many

`make bench-match PEOPLE={people}` ({build}) holds one office's entry of each person and asks for them by what another office wrote, slips included: {questions:,} questions to the
engine by one thread{served}. The right person came first in {right_person_first:.4f} of them, {certain:.4f} were graded certain, and {certain_and_wrong} of those were somebody else.

{table}
"""


def found(told):
    """What one question costs in the engine, and over HTTP with decision, log and explanation."""
    engine = told["engine"]
    yield ("where", "p50 ms", "p99 ms", "questions a second", "index built anew, s", "bytes a record")
    engine_ms = [f"{engine[key] / 1000:.3f}" for key in ("p50_us", "p99_us")]
    yield ("engine, one thread", *engine_ms, "-", engine["rebuild_seconds"], engine["bytes_per_record"])
    served = told.get("http", {})
    for load in served.get("loads", []):
        figures = (f"{load['p50_ms']:.2f}", f"{load['p99_ms']:.2f}", f"{load['per_second']:,.0f}")
        yield (f"over HTTP, {load['at_once']} at once", *figures, served["rebuild_seconds"], served["bytes_per_record"])


def page(report, match=None):
    fair = ""
    if "fairness" in report:
        fair = FAIR.format(table="\n".join(markdown(list(fairness(report)))), **report["people"])
    return PAGE.format(
        machine=report["machine"],
        commit=report["commit"],
        build=report["build"],
        load=report["load"],
        goals="\n".join(markdown(list(goals.rows(report)))),
        splink=report["splink"] or "nothing else",
        main="\n".join(markdown([COLUMNS, *rows(report)])),
        untuned="\n".join(markdown(list(untuned(report)))),
        fairness=fair,
        found="" if match is None else FOUND.format(
            people=match["people"],
            build=match.get("build", "release build"),
            **match["engine"],
            served=", and the whole of it over HTTP" if "http" in match else "",
            table="\n".join(markdown(list(found(match)))),
        ),
    )
