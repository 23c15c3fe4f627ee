"""Sets of inputs with labels.

Needs the config's `datasets`, original files below GLASSBOX_DATA for image sets but `digits`, and a
model's weights for attacks on it. Makes results/datasets/<set>/<draw>/<split>.parquet with its
digest.
"""

from study.schema.datasets import KINDS as DATASETS
from study.schema.datasets.attacks import OnModelSection

EVADED = (
    " --fitted_model {input.fitted_model:q} --fitted_weights {input.fitted_weights:q}"
    " --known {input.known:q}"
)
BY_RULE = {kind.rule(): kind for kind in DATASETS if not issubclass(kind, OnModelSection)}


for kind in BY_RULE.values():

    rule:
        """Make one split of a set, by itself or from one split of another."""
        name:
            kind.rule()
        input:
            **({"of": source_of} if kind.by_split else {}),
        output:
            examples="results/datasets/{dataset}/{draw}/{split}.parquet",
            digest="results/datasets/{dataset}/{draw}/{split}.json",
            record=f"results/records/{kind.rule()}/{{dataset}}/{{draw}}/{{split}}.json",
        log:
            f"logs/{kind.rule()}/{{dataset}}/{{draw}}/{{split}}.log",
        benchmark:
            f"logs/{kind.rule()}/{{dataset}}/{{draw}}/{{split}}.tsv"
        wildcard_constraints:
            dataset=one_of(
                name for name, each in CONFIG.datasets.items() if each.rule() == kind.rule()
            ),
        priority: 2
        conda:
            "../envs/environment.yaml"
        resources:
            mem_mb=growing(kind.memory),
            runtime=growing(kind.minutes),
            disk_mb=2000,
        params:
            program=kind.rule(),
            config=lambda w: slices.dataset(CONFIG, w.dataset, int(w.draw), w.split),
        shell:
            "python scripts/datasets/{params.program:q}.py --config {params.config:q}"
            + (" --of {input.of:q}" if kind.by_split else "")
            + " --output {output.examples:q} --digest {output.digest:q}"
            " --record {output.record:q} --command {params.command} > {log:q} 2>&1"


for name, block in blocks_of_attacks(of_kind("attack")):

    rule:
        """Attack the first examples of a set, and make the controls, for a block of replicates."""
        name:
            rule_name("attacks", name, block)
        input:
            unpack(lambda w, block=block: attacked(w.dataset, block)),
        output:
            examples=draws_of(block, CONFIG.splits(name), "parquet"),
            digests=draws_of(block, CONFIG.splits(name), "json"),
            record=f"results/records/attacks/{{dataset}}/{block}.json",
        log:
            f"logs/attacks/{{dataset}}/{block}.log",
        benchmark:
            f"logs/attacks/{{dataset}}/{block}.tsv"
        wildcard_constraints:
            dataset=one_of([name]),
        conda:
            "../envs/environment.yaml"
        resources:
            mem_mb=growing(4000),
            runtime=growing(60),
            disk_mb=2000,
            gpu=GPUS,
            device=CONFIG.device,
        params:
            config=lambda w: slices.dataset(CONFIG, w.dataset),
            network=lambda w: network_of(CONFIG.datasets[w.dataset].model),
            replicates=members(block),
        shell:
            "python scripts/datasets/attacks.py --config {params.config:q} --of {input.of:q}"
            " --model {input.model:q} --weights {input.weights:q} {params.network:q}"
            " --replicates {params.replicates}"
            " --examples {output.examples:q} --digests {output.digests:q}"
            " --device {resources.device} --threads {threads}"
            " --record {output.record:q} --command {params.command} > {log:q} 2>&1"


for name, block in blocks_of_attacks(of_kind("attack-paths")):

    rule:
        """Attack examples towards every class, or walk from them at random, step by step."""
        name:
            rule_name(CONFIG.datasets[name].program, name, block)
        input:
            unpack(lambda w, block=block: followed(w.dataset, block)),
        output:
            examples=draws_of(block, ["{split}"], "parquet"),
            digests=draws_of(block, ["{split}"], "json"),
            record=f"results/records/{CONFIG.datasets[name].program}/{{dataset}}/{block}/{{split}}.json",
        log:
            f"logs/{CONFIG.datasets[name].program}/{{dataset}}/{block}/{{split}}.log",
        benchmark:
            f"logs/{CONFIG.datasets[name].program}/{{dataset}}/{block}/{{split}}.tsv"
        wildcard_constraints:
            dataset=one_of([name]),
        conda:
            "../envs/environment.yaml"
        resources:
            mem_mb=lambda w, attempt: attempt * CONFIG.datasets[w.dataset].megabytes(CONFIG),
            runtime=growing(60),
            disk_mb=4000,
            gpu=GPUS,
            device=CONFIG.device,
        params:
            config=lambda w: slices.dataset(CONFIG, w.dataset, split=w.split),
            network=lambda w: network_of(CONFIG.datasets[w.dataset].model),
            replicates=members(block),
        shell:
            f"python scripts/datasets/{CONFIG.datasets[name].program}.py"
            " --config {params.config:q} --of {input.of:q}"
            " --model {input.model:q} --weights {input.weights:q} {params.network:q}"
            + (EVADED if CONFIG.datasets[name].evades else "")
            + " --replicates {params.replicates}"
            " --examples {output.examples:q} --digests {output.digests:q}"
            " --device {resources.device} --threads {threads}"
            " --record {output.record:q} --command {params.command} > {log:q} 2>&1"
