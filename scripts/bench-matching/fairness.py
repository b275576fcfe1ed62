"""Who is missed and who is mistaken: the same errors counted by sex, age band and origin of the name.

A record's group is its own; a pair counts for the group of its left record and for that of its
right one, so that nobody disappears where a pair crosses groups.
"""

import numpy as np

from evaluate import Truth

AGE_BANDS = ((0, 17), (18, 39), (40, 64), (65, 79), (80, 130))


def age_band(birth_year, present):
    if not birth_year.isdigit():
        return "not known"
    age = present - int(birth_year)
    return next((f"{low} to {high}" for low, high in AGE_BANDS if low <= age <= high), "not known")


def true_pairs(labels):
    """Every pair of records of one person, as two arrays of record numbers."""
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.append(True, labels[order][1:] != labels[order][:-1]))
    left, right = [], []
    for first, last in zip(starts, np.append(starts[1:], len(order))):
        group = order[first:last].tolist()
        for place, one in enumerate(group):
            left.extend([one] * (len(group) - place - 1))
            right.extend(group[place + 1 :])
    return np.array(left, np.int64), np.array(right, np.int64)


def by_group(groups, truth: Truth, joined, left, right):
    """Missed and false links of each group, and the ratio of the highest missed rate to the lowest.

    `joined` is a cluster for each record; `left` and `right` are the pairs that clusters make.
    """
    one, other = true_pairs(truth.labels)
    missed = joined[one] != joined[other]
    false = truth.labels[left] != truth.labels[right]
    told = {}
    for group in sorted(set(groups.tolist())):
        truly = np.concatenate([missed[groups[one] == group], missed[groups[other] == group]])
        made = np.concatenate([false[groups[left] == group], false[groups[right] == group]])
        told[group] = {
            "records": int((groups == group).sum()),
            "missed": round(float(truly.mean()), 5) if len(truly) else None,
            "false": round(float(made.mean()), 5) if len(made) else None,
        }
    # A group with few pairs has no rate worth comparing.
    counts = {group: int((groups[one] == group).sum()) for group in told}
    rates = [told[group]["missed"] for group in told if counts[group] >= 500 and told[group]["missed"] is not None]
    ratio = round(max(rates) / min(rates), 2) if rates and min(rates) > 0 else None
    return {"groups": told, "highest_to_lowest_missed": ratio}


def report(rows, truth, joined, present=2027):
    """By sex, age band and name origin. `rows` are the file's rows as dictionaries."""
    left, right = true_pairs(joined)
    views = {
        "sex": [row["sex"] or "not known" for row in rows],
        "age": [age_band(row["birth_date"][:4], present) for row in rows],
        "name origin": [row["origin"] for row in rows],
    }
    return {name: by_group(np.array(view), truth, joined, left, right) for name, view in views.items()}
