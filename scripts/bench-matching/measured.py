"""Runs a command and writes what it cost as JSON into a file: a small process of its own.

A process that is started counts the memory of the one that started it, until it has more itself.
So a large one, with tables of pairs in it, must not be the one that starts what is measured.

    measured.py COST_OUT COMMAND...
"""

import json
import os
import subprocess
import sys
import time

if __name__ == "__main__":
    out, *command = sys.argv[1:]
    started = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    cost = {
        "wall_seconds": round(time.perf_counter() - started, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mib": round(usage.ru_maxrss / 1024),
    }
    with open(out, "w", encoding="utf-8") as file:
        json.dump(cost, file)
    sys.exit(os.waitstatus_to_exitcode(status))
