"""The files that both tools are run on, and how Splink is set up for each.

Candour is given the files and nothing else. Splink is given what its documentation would have an
expert write: comparisons for every column that tells something, term frequencies where its
tutorials use them, and the blocking rules of its worked examples and more.
"""

import os
from dataclasses import dataclass, field


@dataclass
class Dataset:
    name: str
    files: list
    splink: object
    truth: str = "cluster"
    key: str = "unique_id"
    # Columns that neither tool is given.
    without: list = field(default_factory=list)

    @property
    def linking(self):
        return len(self.files) == 2


def swapped(first, second):
    return f"l.{first} = r.{second} and l.{second} = r.{first}"


def febrl(without=()):
    """Australian names and addresses with a social security number, dates as 19560409."""

    def settings():
        import splink.comparison_library as cl
        from splink import block_on

        frequent = {"term_frequency_adjustments": True}
        comparisons = {
            "given_name": cl.NameComparison("given_name").configure(**frequent),
            "surname": cl.NameComparison("surname").configure(**frequent),
            "date_of_birth": cl.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
            ),
            "soc_sec_id": cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            "street_number": cl.DamerauLevenshteinAtThresholds("street_number", [1]).configure(**frequent),
            "address_1": cl.JaroWinklerAtThresholds("address_1", [0.9, 0.8]).configure(**frequent),
            "suburb": cl.JaroWinklerAtThresholds("suburb", [0.9]).configure(**frequent),
            "postcode": cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(**frequent),
        }
        blocking = [
            block_on("given_name"),
            block_on("surname"),
            block_on("date_of_birth"),
            block_on("postcode"),
            block_on("address_1"),
            block_on("suburb", "street_number"),
            swapped("given_name", "surname"),
        ]
        certain = [
            block_on("given_name", "surname", "date_of_birth"),
            f"{swapped('given_name', 'surname')} and l.date_of_birth = r.date_of_birth",
        ]
        if "soc_sec_id" not in without:
            blocking.append(block_on("soc_sec_id"))
            certain.append(block_on("soc_sec_id"))
        return {
            "comparisons": [c for name, c in comparisons.items() if name not in without],
            "blocking": blocking,
            "certain": certain,
            "recall": 0.9,
            "random_pairs": 1e6,
            "training": [block_on("date_of_birth"), block_on("postcode")],
        }

    return settings


def fake():
    """Splink's own small example: names, dates, towns and e-mail addresses with many gaps."""
    import splink.comparison_library as cl
    from splink import block_on

    return {
        "comparisons": [
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        "blocking": [block_on(column) for column in ("first_name", "surname", "dob", "email")],
        "certain": [
            block_on("first_name", "dob"),
            "l.first_name = r.first_name and levenshtein(l.surname, r.surname) <= 2",
            block_on("email"),
        ],
        "recall": 0.7,
        "random_pairs": 1e6,
        "training": [block_on("first_name", "surname"), block_on("dob")],
    }


def historical():
    """People of Wikidata, copied out with errors, many times each."""
    import splink.comparison_library as cl
    from splink import block_on

    area = "substr(postcode_fake, 1, 3)"
    return {
        "derived": {"both_names": "first_name || ' ' || surname"},
        "comparisons": [
            cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="both_names"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        "blocking": [
            block_on("substr(first_name, 1, 3)", "substr(surname, 1, 4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on(area, "dob"),
            block_on(area, "first_name"),
            block_on(area, "surname"),
            block_on("substr(first_name, 1, 2)", "substr(surname, 1, 2)", "substr(dob, 1, 4)"),
        ],
        "certain": [
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name, 1, 2)", "surname", "substr(postcode_fake, 1, 2)"),
            block_on("dob", "postcode_fake"),
        ],
        "recall": 0.6,
        "random_pairs": 1e7,
        "training": [block_on("first_name", "surname"), block_on("dob")],
    }


def people():
    """The invented people of `candour match generate`."""
    import splink.comparison_library as cl
    from splink import block_on

    frequent = {"term_frequency_adjustments": True}
    return {
        "comparisons": [
            cl.NameComparison("given_name").configure(**frequent),
            cl.NameComparison("family_name").configure(**frequent),
            cl.ExactMatch("middle_name").configure(**frequent),
            cl.DateOfBirthComparison("birth_date", input_is_string=True, invalid_dates_as_null=True),
            cl.ExactMatch("sex"),
            cl.DamerauLevenshteinAtThresholds("chi", [1, 2]),
            cl.PostcodeComparison("postcode"),
            cl.JaroWinklerAtThresholds("address", [0.95, 0.88]).configure(**frequent),
            cl.EmailComparison("email"),
        ],
        "blocking": [
            block_on("chi"),
            block_on("family_name", "birth_date"),
            block_on("given_name", "birth_date"),
            block_on("postcode", "family_name"),
            block_on("postcode", "given_name"),
            block_on("email"),
            block_on("substr(given_name, 1, 3)", "substr(family_name, 1, 4)", "substr(birth_date, 1, 4)"),
        ],
        "certain": [block_on("chi"), block_on("given_name", "family_name", "birth_date")],
        "recall": 0.8,
        "random_pairs": 2e6,
        "training": [block_on("given_name", "family_name"), block_on("birth_date")],
    }


def shared(folder):
    """The labelled files of the shared folder, as far as they are there."""
    at = lambda name: os.path.join(folder, name)
    number = ["soc_sec_id"]
    all_of_them = [
        Dataset("febrl3", [at("febrl3.csv")], febrl()),
        Dataset("febrl4", [at("febrl4a.csv"), at("febrl4b.csv")], febrl()),
        Dataset("febrl4-no-number", [at("febrl4a.csv"), at("febrl4b.csv")], febrl(number), without=number),
        Dataset("fake-1000", [at("splink_fake_1000.csv")], fake),
        Dataset("historical-50k", [at("splink_historical_50k.csv.gz")], historical),
    ]
    return [data for data in all_of_them if all(map(os.path.exists, data.files))]
