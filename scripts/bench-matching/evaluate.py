"""Precision, recall and F1 of links between records, the same for whatever tool made them.

A record is an index into the files read one after the other. The truth is an array of labels, one
for each record; two records belong together if their labels are equal. What is asked for in a
linkage of two files is the pairs across, in one file all pairs. A true pair that a tool never
looked at counts as missed.
"""

import numpy as np

# Thresholds in bits at which clusters are tried; the best of them is told.
CLUSTER_BITS = (-4, -2, 0, 2, 4, 6, 8, 10, 12, 14, 17, 20, 25)


def bits(probability):
    """The match weight of a probability: the logarithm to base two of its odds."""
    return float(np.log2(probability / (1 - probability)))


def score(true_links, links, true_pairs):
    """P, R and F1 of so many links, of which so many are true."""
    precision = true_links / links if links else 1.0
    recall = true_links / true_pairs if true_pairs else 1.0
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return {"P": round(float(precision), 5), "R": round(float(recall), 5), "F1": round(float(f1), 5)}


def pairs_within(labels):
    """How many pairs of records bear one label."""
    _, sizes = np.unique(labels, return_counts=True)
    return int((sizes * (sizes - 1) // 2).sum())


def pairs_across(labels, files):
    """How many pairs bear one label, one record from each of two files."""
    size = int(labels.max()) + 1
    left = np.bincount(labels[files == 0], minlength=size)
    right = np.bincount(labels[files == 1], minlength=size)
    return int((left * right).sum())


class Truth:
    """Which records are of one person."""

    def __init__(self, labels, files):
        self.labels = np.unique(np.asarray(labels), return_inverse=True)[1]
        self.files = np.asarray(files)
        self.linking = bool(self.files.max())
        if self.linking:
            self.pairs = pairs_across(self.labels, self.files)
        else:
            self.pairs = pairs_within(self.labels)

    def holds(self, left, right):
        return self.labels[left] == self.labels[right]

    def of_groups(self, groups):
        """The score of a partition of all records."""
        joint = groups.astype(np.int64) * (int(self.labels.max()) + 1) + self.labels
        if self.linking:
            links = pairs_across(np.unique(groups, return_inverse=True)[1], self.files)
            hits = pairs_across(np.unique(joint, return_inverse=True)[1], self.files)
        else:
            links, hits = pairs_within(groups), pairs_within(joint)
        return score(hits, links, self.pairs)


class Links:
    """Weighted pairs, best first, with what the truth says of each."""

    def __init__(self, left, right, weight, truth):
        order = np.argsort(-weight, kind="stable")
        self.left, self.right, self.weight = left[order], right[order], weight[order]
        self.truth = truth
        self.true = truth.holds(self.left, self.right)
        self.hits = np.cumsum(self.true)

    def at(self, threshold):
        """The score of all pairs of at least this weight."""
        count = int((self.weight >= threshold).sum())
        return score(int(self.hits[count - 1]) if count else 0, count, self.truth.pairs)

    def best(self):
        """The highest F1 that any threshold gives: needs the truth, so nobody has it in practice."""
        if not len(self.weight):
            return {**score(0, 0, self.truth.pairs), "weight": None}
        count = np.arange(1, len(self.weight) + 1)
        f1 = 2 * self.hits / (count + self.truth.pairs)
        last_of_weight = np.append(self.weight[1:] != self.weight[:-1], True)
        place = int(np.argmax(np.where(last_of_weight, f1, 0)))
        told = score(int(self.hits[place]), place + 1, self.truth.pairs)
        return {**told, "weight": round(float(self.weight[place]), 2)}

    def reach(self):
        """The share of true pairs that were looked at: no threshold finds more."""
        return round(float(self.hits[-1] / self.truth.pairs), 5) if len(self.hits) else 0.0

    def groups(self, threshold):
        """Everyone joined with everyone whom a chain of links reaches."""
        parent = np.arange(len(self.truth.labels))

        def root(record):
            while parent[record] != record:
                parent[record] = parent[parent[record]]
                record = parent[record]
            return record

        count = int((self.weight >= threshold).sum())
        for left, right in zip(self.left[:count].tolist(), self.right[:count].tolist()):
            one, other = root(left), root(right)
            if one != other:
                parent[max(one, other)] = min(one, other)
        return np.fromiter((root(record) for record in range(len(parent))), np.int64, len(parent))

    def best_groups(self):
        """The best score of chained clusters over a ladder of thresholds."""
        tried = [(bit, self.truth.of_groups(self.groups(bit))) for bit in CLUSTER_BITS]
        weight, told = max(tried, key=lambda pair: pair[1]["F1"])
        return {**told, "weight": weight}

    def one_to_one(self):
        """Each record keeps its best free partner: what is right where a person is once in a file."""
        taken, keep = set(), []
        for place, (left, right) in enumerate(zip(self.left.tolist(), self.right.tolist())):
            if left not in taken and right not in taken:
                taken.update((left, right))
                keep.append(place)
        kept = np.array(keep, dtype=np.int64)
        return Links(self.left[kept], self.right[kept], self.weight[kept], self.truth)

    def calibration_error(self, probability):
        """The expected calibration error in ten bands: how far told probability is from truth.

        Pairs of less than one in a hundred are left out: there are so many of them, and of one tool
        many more than of the other, that everybody would seem calibrated.
        """
        told = probability >= 0.01
        probability, true = probability[told], self.true[told]
        band = np.minimum((probability * 10).astype(int), 9)
        error = 0.0
        for number in range(10):
            here = band == number
            if here.any():
                error += here.sum() * abs(float(probability[here].mean()) - float(true[here].mean()))
        return round(error / max(len(probability), 1), 4)


def report(links):
    """Everything that the table shows of one tool's pairs."""
    probability = 1 / (1 + np.exp2(-np.clip(links.weight, -60, 60)))
    told = {
        "scored_pairs": int(len(links.weight)),
        "reach": links.reach(),
        "best": links.best(),
        "p95": links.at(bits(0.95)),
        "p99": links.at(bits(0.99)),
        "calibration_error": links.calibration_error(probability),
    }
    if links.truth.linking:
        told["one_to_one"] = links.one_to_one().best()
    else:
        told["clusters"] = links.best_groups()
    return told
