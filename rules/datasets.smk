"""Sets of inputs with labels.

Needs the config's `datasets`, original files below GLASSBOX_DATA for image sets but `digits`, and a
model's weights for attacks on it. Makes results/datasets/<set>/<draw>/<split>.parquet with its
digest.
"""

from study.schema.datasets import KINDS as DATASETS

for kind in {each.rule(): each for each in DATASETS if not each.is_attack}.values():

    rule:
        """Make one split of a set, by itself or from one split of another."""
        name:
            kind.rule()
        input:
            unpack(source_of),
        output:
            examples="results/datasets/{dataset}/{draw}/{split}.parquet",
            digest="results/datasets/{dataset}/{draw}/{split}.json",
            record=f"results/records/{kind.rule()}/{{dataset}}/{{draw}}/{{split}}.json",
        log:
            f"logs/{kind.rule()}/{{dataset}}/{{draw}}/{{split}}.log",
        benchmark:
            f"logs/{kind.rule()}/{{dataset}}/{{draw}}/{{split}}.tsv"
        wildcard_constraints:
            dataset=one_of(made_by(kind.rule())),
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
            read=lambda w, input: options_of(input),
        shell:
            "python scripts/datasets/{params.program:q}.py --config {params.config:q}"
            " {params.read:q} --output {output.examples:q} --digest {output.digest:q}"
            " --record {output.record:q} --command {params.command} > {log:q} 2>&1"


for name, block in attacks():
    attack = CONFIG.datasets[name]
    about = f"{{dataset}}/{block}" if attack.made_at_once else f"{{dataset}}/{block}/{{split}}"
    splits = CONFIG.splits(name) if attack.made_at_once else ["{split}"]

    rule:
        """Attack examples with a block of a model's replicates, and make the controls."""
        name:
            rule_name(attack.program, name, block)
        input:
            unpack(lambda w, block=block: attacked(w.dataset, block)),
        output:
            examples=draws_of(block, splits, "parquet"),
            digests=draws_of(block, splits, "json"),
            record=f"results/records/{attack.program}/{about}.json",
        log:
            f"logs/{attack.program}/{about}.log",
        benchmark:
            f"logs/{attack.program}/{about}.tsv"
        wildcard_constraints:
            dataset=one_of([name]),
        conda:
            "../envs/environment.yaml"
        resources:
            mem_mb=growing(attack.megabytes(CONFIG)),
            runtime=growing(60),
            disk_mb=4000,
            gpu=GPUS,
            device=CONFIG.device,
        params:
            program=attack.program,
            config=lambda w: slices.dataset(CONFIG, w.dataset, split=w.get("split", "")),
            read=lambda w, input: options_of(input),
            network=network_of(attack.model),
            replicates=members(block),
        shell:
            "python scripts/datasets/{params.program:q}.py --config {params.config:q}"
            " {params.read:q} {params.network:q} --replicates {params.replicates}"
            " --examples {output.examples:q} --digests {output.digests:q}"
            " --device {resources.device} --threads {threads}"
            " --record {output.record:q} --command {params.command} > {log:q} 2>&1"
