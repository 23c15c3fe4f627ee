"""A job of the fault tests: notes each beat of its life, and meets the fault of its name.

A line per beat in events/<name>: number of the Slurm job, time. faults/<name> says for how many
seconds to run at the first try, how many megabytes to take at each, or to end with an error.
"""

import os
import sys
import time
from pathlib import Path

name, wanted, output = sys.argv[1], sys.argv[2], Path(sys.argv[3])
events = Path("events") / name
fault = Path("faults") / name
events.parent.mkdir(exist_ok=True)
job = os.environ.get("SLURM_JOB_ID", "local")
begun = {line.split()[0] for line in events.read_text().splitlines()} if events.exists() else set()
kind, amount = (fault.read_text() + " 0").split()[:2] if fault.exists() else ("sleep", "0")


def beat() -> None:
    with events.open("a") as file:
        file.write(f"{job} {time.time()}\n")


beat()
print("GPUs:", os.environ.get("CUDA_VISIBLE_DEVICES"), flush=True)
ballast = bytearray(int(amount) * 10**6) if kind == "memory" else b""
end = time.monotonic() + (float(amount) if kind == "sleep" and not begun else 1.0)
while time.monotonic() < end:
    beat()
    time.sleep(0.1)
if kind == "error":
    sys.exit("the program's own error")
part = output.with_name(f".{output.name}.{os.getpid()}.part")
part.write_text(f"{name} {wanted}\n")
part.replace(output)
