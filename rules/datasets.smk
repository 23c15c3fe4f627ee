"""Sets of inputs with labels.

Needs the config's `datasets`, original files below GLASSBOX_DATA for image sets but `digits`, and a
model's weights for attacks on it. Makes results/datasets/<set>/<draw>/<split>.parquet with its
digest.
"""

from study.schema.datasets import KINDS as DATASETS
from study.schema.section import kind_of


rule jumps:
    """Draw one split of a set of jump signals."""
    output:
        examples="results/datasets/{dataset}/{draw}/{split}.parquet",
        digest="results/datasets/{dataset}/{draw}/{split}.json",
        record="results/records/jumps/{dataset}/{draw}/{split}.json",
    log:
        "logs/jumps/{dataset}/{draw}/{split}.log",
    benchmark:
        "logs/jumps/{dataset}/{draw}/{split}.tsv"
    wildcard_constraints:
        dataset=one_of(of_kind("jumps")),
    priority: 2
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
        disk_mb=2000,
    params:
        config=lambda w: slices.dataset(CONFIG, w.dataset, int(w.draw), w.split),
    shell:
        "python scripts/datasets/jumps.py --config {params.config:q}"
        " --output {output.examples:q} --digest {output.digest:q}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"


rule images:
    """Make one split of an image set from its original files, once their checksums are right."""
    output:
        examples="results/datasets/{dataset}/{draw}/{split}.parquet",
        digest="results/datasets/{dataset}/{draw}/{split}.json",
        record="results/records/images/{dataset}/{draw}/{split}.json",
    log:
        "logs/images/{dataset}/{draw}/{split}.log",
    benchmark:
        "logs/images/{dataset}/{draw}/{split}.tsv"
    wildcard_constraints:
        dataset=one_of(of_kind("digits", "idx", "hub", "photos", "arrays")),
    priority: 2
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(4000),
        runtime=growing(30),
        disk_mb=2000,
    params:
        config=lambda w: slices.dataset(CONFIG, w.dataset, int(w.draw), w.split),
    shell:
        "python scripts/datasets/images.py --config {params.config:q}"
        " --output {output.examples:q} --digest {output.digest:q}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"


rule hand_made:
    """Make the hand-made signals of one set."""
    output:
        examples="results/datasets/{dataset}/{draw}/{split}.parquet",
        digest="results/datasets/{dataset}/{draw}/{split}.json",
        record="results/records/hand_made/{dataset}/{draw}/{split}.json",
    log:
        "logs/hand_made/{dataset}/{draw}/{split}.log",
    benchmark:
        "logs/hand_made/{dataset}/{draw}/{split}.tsv"
    wildcard_constraints:
        dataset=one_of(of_kind("shapes")),
    priority: 2
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
        disk_mb=2000,
    params:
        config=lambda w: slices.dataset(CONFIG, w.dataset, int(w.draw), w.split),
    shell:
        "python scripts/datasets/hand_made.py --config {params.config:q}"
        " --output {output.examples:q} --digest {output.digest:q}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"


for section in filter(lambda each: each.by_split, DATASETS):

    rule:
        """Make one split of a set from one split of another."""
        name:
            section.rule()
        input:
            of=lambda w: STUDY.made_of(w.dataset, w.split, int(w.draw)),
        output:
            examples="results/datasets/{dataset}/{draw}/{split}.parquet",
            digest="results/datasets/{dataset}/{draw}/{split}.json",
            record=f"results/records/{section.rule()}/{{dataset}}/{{draw}}/{{split}}.json",
        log:
            f"logs/{section.rule()}/{{dataset}}/{{draw}}/{{split}}.log",
        benchmark:
            f"logs/{section.rule()}/{{dataset}}/{{draw}}/{{split}}.tsv"
        wildcard_constraints:
            dataset=one_of(of_kind(kind_of(section))),
        priority: 2
        conda:
            "../envs/environment.yaml"
        resources:
            mem_mb=growing(section.memory),
            runtime=growing(10),
            disk_mb=2000,
        params:
            program=section.rule(),
            config=lambda w: slices.dataset(CONFIG, w.dataset, int(w.draw), w.split),
        shell:
            "python scripts/datasets/{params.program:q}.py --config {params.config:q}"
            " --of {input.of:q} --output {output.examples:q} --digest {output.digest:q}"
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


EVADING = [name for name in of_kind("attack-paths") if CONFIG.datasets[name].evades]
PLAIN = [name for name in of_kind("attack-paths") if name not in EVADING]


for name, block in blocks_of_attacks(PLAIN):

    rule:
        """Attack examples towards every class, or walk from them at random, step by step."""
        name:
            rule_name("attack_paths", name, block)
        input:
            unpack(lambda w, block=block: attacked(w.dataset, block)),
        output:
            examples=draws_of(block, ["{split}"], "parquet"),
            digests=draws_of(block, ["{split}"], "json"),
            record=f"results/records/attack_paths/{{dataset}}/{block}/{{split}}.json",
        log:
            f"logs/attack_paths/{{dataset}}/{block}/{{split}}.log",
        benchmark:
            f"logs/attack_paths/{{dataset}}/{block}/{{split}}.tsv"
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
            "python scripts/datasets/attack_paths.py --config {params.config:q} --of {input.of:q}"
            " --model {input.model:q} --weights {input.weights:q} {params.network:q}"
            " --replicates {params.replicates}"
            " --examples {output.examples:q} --digests {output.digests:q}"
            " --device {resources.device} --threads {threads}"
            " --record {output.record:q} --command {params.command} > {log:q} 2>&1"


for name, block in blocks_of_attacks(EVADING):

    rule:
        """Attack examples towards every class by one who knows the introspection, and evades it."""
        name:
            rule_name("evading_paths", name, block)
        input:
            unpack(lambda w, block=block: evaded(w.dataset, block)),
        output:
            examples=draws_of(block, ["{split}"], "parquet"),
            digests=draws_of(block, ["{split}"], "json"),
            record=f"results/records/evading_paths/{{dataset}}/{block}/{{split}}.json",
        log:
            f"logs/evading_paths/{{dataset}}/{block}/{{split}}.log",
        benchmark:
            f"logs/evading_paths/{{dataset}}/{block}/{{split}}.tsv"
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
            "python scripts/datasets/evading_paths.py --config {params.config:q} --of {input.of:q}"
            " --model {input.model:q} --weights {input.weights:q} {params.network:q}"
            " --fitted_model {input.fitted_model:q} --fitted_weights {input.fitted_weights:q}"
            " --known {input.known:q} --replicates {params.replicates}"
            " --examples {output.examples:q} --digests {output.digests:q}"
            " --device {resources.device} --threads {threads}"
            " --record {output.record:q} --command {params.command} > {log:q} 2>&1"
