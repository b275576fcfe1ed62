"""What matching is to reach, and whether this run did: one line a goal."""


def of(report, name):
    return next((data for data in report["data"] if data["name"] == name), None)


def ratio(one, other):
    return one / other if other else 0.0


def reached(report):
    """A line for each goal whose data are there: what, the figure, the least or most it may be, whether it is met."""
    lines = []

    def goal(name, what, figure, aim, most=False):
        met = figure <= aim if most else figure >= aim
        lines.append((name, what, figure, aim, "at most" if most else "at least", met))

    febrl3, febrl4, bare = (of(report, name) for name in ("febrl3", "febrl4", "febrl4-no-number"))
    if febrl3:
        goal("G1", "FEBRL3, clusters, F1", febrl3["candour"]["clusters"]["F1"], 1.0)
    if febrl4:
        goal("G1", "FEBRL4, one to one, F1", febrl4["candour"]["one_to_one"]["F1"], 0.9999)
    if bare:
        goal("G1", "FEBRL4 without the number, one to one, F1", bare["candour"]["one_to_one"]["F1"], 0.9990)
    if febrl3:
        goal("G2", "FEBRL3, graded certain, F1", febrl3["candour"]["certain"]["F1"], 0.9990)
        goal("G2", "FEBRL3, graded certain, precision", febrl3["candour"]["certain"]["P"], 0.9995)
    if bare:
        goal("G2", "FEBRL4 without the number, graded certain, F1", bare["candour"]["certain"]["F1"], 0.9950)
        goal("G2", "FEBRL4 without the number, graded certain, precision", bare["candour"]["certain"]["P"], 0.9995)
    for name, data, pairs, clusters in (("G3", "historical-50k", 0.80, 0.88), ("G4", "fake-1000", 0.87, 0.94)):
        told = of(report, data)
        if told:
            goal(name, f"{data}, best pairs, F1", told["candour"]["best"]["F1"], pairs)
            goal(name, f"{data}, best clusters as joined, F1", told["candour"]["joined"]["F1"], clusters)
            if name == "G3":
                goal(name, f"{data}, reach of blocking", told["candour"]["reach"], 0.80)
    people = of(report, "people")
    if people:
        goal("G6", "invented people, best pairs, F1", people["candour"]["best"]["F1"], 0.95)
        goal("G6", "invented people, graded certain, precision", people["candour"]["certain"]["P"], 0.999)
    for data in report["data"]:
        goal("G6", f"{data['name']}, calibration error", data["candour"]["calibration_error"], 0.02, most=True)
    for data in report["data"]:
        large = data["records"] >= 50_000 and "splink" in data
        if large:
            ours, theirs = data["candour"], data["splink"]
            name = data["name"]
            goal("G8", f"{name}, pairs/s beside Splink's", ratio(ours["pairs_per_second"], theirs["pairs_per_second"]), 5.0)
            goal("G8", f"{name}, Splink's CPU seconds beside ours", ratio(theirs["cpu_seconds"], ours["cpu_seconds"]), 3.0)
            goal("G8", f"{name}, Splink's wall seconds beside ours", ratio(theirs["wall_seconds"], ours["wall_seconds"]), 4.0)
    if "fairness" in report:
        for view, told in report["fairness"].items():
            if told["highest_to_lowest_missed"]:
                goal("G11", f"by {view}, highest to lowest missed", float(told["highest_to_lowest_missed"]), 1.5, most=True)
    return lines


def rows(report):
    yield ("goal", "of what", "figure", "aim", "met")
    for name, what, figure, aim, side, met in reached(report):
        yield (name, what, f"{figure:.5g}", f"{side} {aim:g}", "yes" if met else "no")
