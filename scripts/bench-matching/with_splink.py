"""Links one data set with Splink and writes its pairs: run as a process of its own, so that its
processor time and memory can be measured from outside.

    with_splink.py DATASET FOLDER_OF_FILES PAIRS_OUT
"""

import json
import logging
import resource
import sys
import time
import warnings

import duckdb
import splink.comparison_library  # noqa: F401  imports count as starting, not as linking
from splink import DuckDBAPI, Linker, SettingsCreator

import datasets

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def table(connection, file, name, derived, without):
    """The file as text, blanks as missing, without the truth."""
    read = f"read_csv('{file}', all_varchar = true)"
    columns = [row[0] for row in connection.execute(f"describe select * from {read}").fetchall()]
    kept = [c for c in columns if c not in without]
    wanted = ", ".join(f"nullif(trim({c}), '') as {c}" for c in kept)
    more = "".join(f", {expression} as {column}" for column, expression in derived.items())
    connection.execute(f"create table {name} as select *{more} from (select {wanted} from {read})")
    return connection.table(name)


def link(data, pairs_out):
    started, phases = time.perf_counter(), {}

    def done(phase):
        phases[phase] = round(time.perf_counter() - started - sum(phases.values()), 3)

    told = data.splink()
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    api = DuckDBAPI(connection=connection)
    names = ["left_file", "right_file"][: len(data.files)]
    without = [data.truth, *data.without]
    frames = [
        api.register(table(connection, file, f"rows_of_{name}", told.get("derived", {}), without), dataset_display_name=name)
        for file, name in zip(data.files, names)
    ]
    settings = SettingsCreator(
        link_type="link_only" if data.linking else "dedupe_only",
        unique_id_column_name=data.key,
        comparisons=told["comparisons"],
        blocking_rules_to_generate_predictions=told["blocking"],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    linker = Linker(frames if data.linking else frames[0], settings)
    done("load")
    training = linker.training
    training.estimate_probability_two_random_records_match(told["certain"], recall=told["recall"])
    training.estimate_u_using_random_sampling(max_pairs=told["random_pairs"], seed=1)
    for rule in told["training"]:
        training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)
    done("train")
    predicted = linker.inference.predict()
    done("predict")
    linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_probability=0.95)
    done("cluster")
    # In a linkage the left file may come out on either side.
    turned = "source_dataset_l = 'right_file'" if data.linking else "false"
    connection.execute(
        f"""copy (select case when {turned} then unique_id_r else unique_id_l end as id_l,
                         case when {turned} then unique_id_l else unique_id_r end as id_r,
                         match_weight as weight, match_probability as probability
                  from {predicted.physical_name}) to '{pairs_out}' (header)""".replace("unique_id", data.key)
    )
    done("write")
    return phases


if __name__ == "__main__":
    name, folder, pairs_out = sys.argv[1:]
    if name == "people":
        data = datasets.Dataset("people", [folder], datasets.people, truth="person", key="id", without=["origin"])
    else:
        data = next(d for d in datasets.shared(folder) if d.name == name)
    before = processor_seconds()
    phases = link(data, pairs_out)
    print(json.dumps({"seconds": phases, "cpu_seconds": round(processor_seconds() - before, 2)}))
