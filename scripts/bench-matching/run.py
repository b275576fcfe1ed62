#!/usr/bin/env python3
"""Measures `candour match` beside Splink on the same files and prints one table.

    scripts/bench-matching/run.py [--bin PROGRAM] [--people N] [--only NAME,NAME] [--no-splink]
    scripts/bench-matching/run.py --page

Splink and what the evaluator needs are installed into a virtual environment below the target
directory. The labelled files are looked for in ../shared/data/linkage; those that are not there
are left out. JSON goes to docs/operating/bench-matching.json, a page beside it, on which stand also
the figures of `make bench-match` (bench-match.json). --page writes the page anew and measures nothing.
"""

import argparse
import csv
import gzip
import json
import os
import platform
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TARGET = os.path.join(ROOT, os.environ.get("CARGO_TARGET_DIR", "target"))
SCRATCH = os.path.join(TARGET, "bench-matching")
PYTHON = os.path.join(SCRATCH, "venv/bin/python")
NEEDS = ["splink==5.0.0", "pandas", "pyarrow", "numpy"]
# Probabilities from which on rows are joined, besides the one for certain.
JOINED_AT = ("0.95", "0.9", "0.7", "0.5")


def in_environment():
    """Goes on in the virtual environment, made if it is not there."""
    if os.path.abspath(sys.executable) == PYTHON or sys.prefix == os.path.dirname(os.path.dirname(PYTHON)):
        return
    if not os.path.exists(os.path.join(SCRATCH, "installed")):
        print("installing", ", ".join(NEEDS), file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", os.path.join(SCRATCH, "venv")], check=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", *NEEDS], check=True)
        open(os.path.join(SCRATCH, "installed"), "w").close()
    os.execv(PYTHON, [PYTHON, *sys.argv])


def measured(command):
    """Runs a command; its standard output as JSON, wall and processor seconds, peak memory."""
    cost = os.path.join(SCRATCH, "cost.json")
    launcher = [sys.executable, "-IS", os.path.join(HERE, "measured.py"), cost]
    process = subprocess.run([*launcher, *command], stdout=subprocess.PIPE)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    with open(cost, encoding="utf-8") as file:
        return json.loads(process.stdout), json.load(file)


def read(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")
    with opened as file:
        return list(csv.DictReader(file))


class Files:
    """The rows of one data set with their truth, and where the id of each row is."""

    def __init__(self, data):
        import evaluate

        self.data = data
        self.rows, files = [], []
        for number, path in enumerate(data.files):
            rows = read(path)
            self.rows.extend(rows)
            files.extend([number] * len(rows))
        self.truth = evaluate.Truth([row[data.truth] for row in self.rows], files)
        self.place = {(number, row[data.key]): place for place, (number, row) in enumerate(zip(files, self.rows))}

    def links(self, pairs, grade=None):
        import numpy as np
        import pandas

        import evaluate

        second = 1 if self.data.linking else 0
        told = pandas.read_csv(pairs, dtype={"id_l": str, "id_r": str}, keep_default_na=False)
        if grade is not None:
            told = told[told["grade"] == grade]

        def places(file, column):
            known = {key: place for (number, key), place in self.place.items() if number == file}
            return told[column].map(known).to_numpy(np.int64)

        weight = told["weight"].to_numpy(np.float64)
        return evaluate.Links(places(0, "id_l"), places(second, "id_r"), weight, self.truth)

    def groups(self, clusters):
        """A cluster for each record; a row that is not in the file stands alone."""
        import numpy as np

        groups = -np.arange(1, len(self.rows) + 1)
        numbers = {}
        with open(clusters, encoding="utf-8") as file:
            for row in csv.DictReader(file):
                number = int(row["file"]) - 1 if "file" in row else 0
                groups[self.place[number, row["id"]]] = numbers.setdefault(row["cluster"], len(numbers))
        return np.unique(groups, return_inverse=True)[1]


def run_candour(bin, files):
    import evaluate

    data = files.data
    pairs, clusters = (os.path.join(SCRATCH, f"candour-{data.name}-{what}.csv") for what in ("pairs", "clusters"))
    command = [bin, "match", "link" if data.linking else "dedupe", *data.files, "--id", data.key, "--json"]
    for column in (data.truth, *data.without):
        command += ["--ignore", column]
    told, cost = measured([*command, "--threshold", "0", "--pairs", pairs, "--clusters", clusters])
    report = {**evaluate.report(files.links(pairs)), **cost}
    report["certain"] = files.links(pairs, "certain").at(-1e9)
    report["own_clusters"] = files.truth.of_groups(files.groups(clusters))
    report["joined"] = {**report["own_clusters"], "at": "certain"}
    # The invented people are many, and what they are measured for is what is certain.
    for at in JOINED_AT if data.name != "people" else ():
        joined = os.path.join(SCRATCH, f"candour-{data.name}-joined.csv")
        measured([*command, "--join-at", at, "--clusters", joined])
        told_at = {**files.truth.of_groups(files.groups(joined)), "at": at}
        report["joined"] = max(report["joined"], told_at, key=lambda it: it["F1"])
    report["pairs_per_second"] = round(report["scored_pairs"] / max(told["seconds"]["score"], 1e-3))
    report["seconds"] = told["seconds"]
    return report, clusters


def run_splink(files, folder):
    import evaluate

    pairs = os.path.join(SCRATCH, f"splink-{files.data.name}-pairs.csv")
    told, cost = measured([PYTHON, os.path.join(HERE, "with_splink.py"), files.data.name, folder, pairs])
    report = {**evaluate.report(files.links(pairs)), **cost}
    # Starting Python is not linking: both times are without it.
    report["cpu_seconds"] = told["cpu_seconds"]
    report["wall_seconds"] = round(sum(told["seconds"].values()), 2)
    report["pairs_per_second"] = round(report["scored_pairs"] / told["seconds"]["predict"])
    report["seconds"] = told["seconds"]
    return report


def generate(bin, people, seed):
    """A file of invented people below the target directory."""
    path = os.path.join(SCRATCH, f"people-{people}-{seed}.csv")
    if not os.path.exists(path):
        subprocess.run([bin, "match", "generate", "--people", str(people), "--seed", str(seed), "--out", path], check=True)
    return path


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} processors ({platform.machine()}), {memory:.0f} GiB, {platform.system()}"


def build(bin):
    """How the program was built: speed says something of release builds only."""
    return "release build" if "release" in os.path.abspath(bin).split(os.sep) else "development build, slower than a release"


def commit():
    told = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return told.stdout.strip() or "an unknown commit"


def main():
    import datasets
    import fairness
    import table

    options = arguments()
    out = out_of(options)
    shared = os.path.join(ROOT, "../shared/data/linkage")
    chosen = [(data, shared) for data in datasets.shared(shared)]
    if options.people:
        path = generate(options.bin, options.people, options.seed)
        chosen.append((datasets.Dataset("people", [path], datasets.people, "person", "id", ["origin"]), path))
    if options.only:
        chosen = [(data, folder) for data, folder in chosen if data.name in options.only.split(",")]
    splink = None if options.no_splink else "Splink 5.0.0"
    report = {"machine": machine(), "load": round(os.getloadavg()[0], 1), "commit": commit(), "build": build(options.bin)}
    report |= {"splink": splink, "data": []}
    for data, folder in chosen:
        print(f"matching {data.name}", file=sys.stderr)
        files = Files(data)
        told = {"name": data.name, "records": len(files.rows), "true_pairs": files.truth.pairs}
        told["candour"], clusters = run_candour(options.bin, files)
        if splink:
            told["splink"] = run_splink(files, folder)
        report["data"].append(told)
        if data.name == "people":
            report["people"] = {"people": options.people, "records": len(files.rows), "seed": options.seed}
            report["fairness"] = fairness.report(files.rows, files.truth, files.groups(clusters))
    with open(out, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=2)
        file.write("\n")
    write_page(out)
    print(table.for_terminal(report))


def write_page(out):
    """The page of what was measured last, of files and of one person among many."""
    import table

    with open(out, encoding="utf-8") as file:
        report = json.load(file)
    one, match = os.path.join(os.path.dirname(out), "bench-match.json"), None
    if os.path.exists(one):
        with open(one, encoding="utf-8") as file:
            match = json.load(file)
    with open(os.path.splitext(out)[0] + ".md", "w", encoding="utf-8") as file:
        file.write(table.page(report, match))


def arguments():
    parser = argparse.ArgumentParser(description="Measures candour match beside Splink.")
    parser.add_argument("--bin", default=os.path.join(TARGET, "release/candour"), help="the program to measure")
    parser.add_argument("--people", type=int, default=100_000, help="invented people to match; 0 leaves them out")
    parser.add_argument("--seed", type=int, default=1, help="which invented people")
    parser.add_argument("--only", help="names of data sets, with commas between")
    parser.add_argument("--no-splink", action="store_true", help="measure Candour alone")
    parser.add_argument("--page", action="store_true", help="write the page of what was measured last, and no more")
    parser.add_argument("--out", help="where the JSON goes (docs/operating/bench-matching.json)")
    return parser.parse_args()


def out_of(options):
    return options.out or os.path.join(ROOT, "docs/operating/bench-matching.json")


if __name__ == "__main__":
    if arguments().page:
        write_page(out_of(arguments()))
        sys.exit()
    os.makedirs(SCRATCH, exist_ok=True)
    in_environment()
    main()
