"""A real Slurm of four nodes with two counted GPUs each, on loopback, in a folder of its own.

A node is a slurmd in its own space of processes: to crash it takes all along that ran on it.
Needs root, Linux and Debian's packages slurm-wlm and slurm-wlm-basic-plugins; no munge, no
accounting, and nothing below /etc.

    python tests/slurm/rig.py FOLDER     # until SIGINT or SIGTERM; prints what to set
"""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

NODES = ("n1", "n2", "n3", "n4")
CONFIG = """
ClusterName=glassbox
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
ReturnToService=2
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldTimeout=30
SlurmdTimeout=5
KillWait=2
MessageTimeout=5
MinJobAge=3600
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0,sched_min_interval=100000
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
SlurmdParameters=config_overrides
GresTypes=gpu
NodeName=n[1-4] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{first}-{last}] CPUs=8 \
RealMemory=16000 Gres=gpu:2
PartitionName=main Nodes=n[1-4] Default=YES MaxTime=1440 State=UP
"""


def missing() -> str:
    """Why no Slurm can be started here; empty where one can."""
    lacking = [each for each in ("slurmctld", "slurmd", "sbatch") if not shutil.which(each)]
    if lacking:
        return f"Slurm is not installed ({', '.join(lacking)} not found)"
    return "" if os.geteuid() == 0 else "to start a Slurm needs root"


class Rig:
    """The running cluster; `environment` is what programs need to see it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "state").mkdir(exist_ok=True)
        self.folder = folder
        self.processes: dict[str, subprocess.Popen] = {}
        self.environment = {"SLURM_CONF": str(folder / "slurm.conf")}
        port = _free_ports(5)
        ports = {"port": port, "first": port + 1, "last": port + 4}
        text = CONFIG.format(folder=folder, host=socket.gethostname().split(".")[0], **ports)
        (folder / "slurm.conf").write_text(text)
        for gpu in range(2):
            (folder / f"gpu{gpu}").unlink(missing_ok=True)
            os.mknod(folder / f"gpu{gpu}", 0o666 | stat.S_IFCHR, os.makedev(1, 3))
        (folder / "gres.conf").write_text(f"NodeName=n[1-4] Name=gpu File={folder}/gpu[0-1]\n")

    def start(self) -> "Rig":
        self.start_controller()
        for node in NODES:
            self.start_node(node)
        self.wait_for(lambda: self.command("sinfo", "-h", "-t", "idle", "-o", "%D") == "4", "nodes")
        return self

    def stop(self) -> None:
        for name in [*NODES, "slurmctld"]:
            self._kill(name)

    def start_controller(self) -> None:
        self._launch("slurmctld", ["slurmctld", "-D"])
        self.wait_for(lambda: "UP" in self.command("scontrol", "ping"), "the controller")

    def stop_controller(self) -> None:
        self._kill("slurmctld", signal.SIGTERM)

    def start_node(self, node: str) -> None:
        space = ["unshare", "--pid", "--mount-proc", "--fork", "--kill-child=KILL"]
        self._launch(node, [*space, "slurmd", "-D", "-N", node])

    def crash_node(self, node: str) -> None:
        """The node and all that runs on it are gone; Slurm is told, to save half a minute."""
        self._kill(node)
        self.command("scontrol", "update", f"nodename={node}", "state=down", "reason=crash")

    def lose_node(self, node: str) -> None:
        """Slurm takes the node for lost, while the programs on it run on."""
        space = self.processes[node].pid
        slurmd = Path(f"/proc/{space}/task/{space}/children").read_text(encoding="utf-8").split()[0]
        os.kill(int(slurmd), signal.SIGSTOP)
        self.command("scontrol", "update", f"nodename={node}", "state=down", "reason=lost")

    def command(self, *words: str) -> str:
        """What a command of Slurm's prints; empty if it does not answer."""
        environment = os.environ | self.environment
        try:
            done = subprocess.run(
                words, capture_output=True, text=True, env=environment, timeout=20
            )
        except subprocess.TimeoutExpired:
            return ""
        return done.stdout.strip()

    def jobs(self, *states: str) -> dict[str, tuple[str, str, str]]:
        """Name, state and node of jobs by number."""
        printed = self.command("squeue", "-h", f"--states={','.join(states)}", "-o", "%i|%j|%T|%N")
        rows = (line.split("|") for line in printed.splitlines())
        return {number: (name, state, node) for number, name, state, node in rows}

    def wait_for(self, condition, what: str, seconds: float = 240) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what}: not within {seconds} s")
            time.sleep(0.1)

    def _launch(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.out").open("w") as output:
            self.processes[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=os.environ | self.environment,
            )

    def _kill(self, name: str, how: int = signal.SIGKILL) -> None:
        process = self.processes.pop(name, None)
        if process:
            process.send_signal(how)
            process.wait(30)


def _free_ports(count: int) -> int:
    """The first of some neighbouring ports that are free."""
    for first in range(16817, 26817, 10):
        held = []
        try:
            for port in range(first, first + count):
                held.append(socket.create_server(("127.0.0.1", port)))
        except OSError:
            continue
        finally:
            for each in held:
                each.close()
        return first
    raise OSError("no free ports")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    rig = Rig(Path(sys.argv[1]).resolve())
    try:
        rig.start()
        print(rig.command("sinfo"))
        print(f"export SLURM_CONF={rig.environment['SLURM_CONF']}", flush=True)
        signal.pause()
    finally:
        rig.stop()
