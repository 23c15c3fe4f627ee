"""Figures of library networks, redrawn.

Needs tables of libraries and of consistency. Makes results/figures/<figure>.svg.
"""


rule library_curves:
    """Sizes and agreement of libraries (lee2019 Figs 2 and 4)."""
    input:
        data("libraries"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/library_curves/{figure}.json",
    log:
        "logs/library_curves/{figure}.log",
    benchmark:
        "logs/library_curves/{figure}.tsv"
    wildcard_constraints:
        figure=figures("library-curves"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/library_curves.py --config {params.config:q} --libraries {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule confusions:
    """Confusion indices of libraries (lee2019 Fig. 3)."""
    input:
        data("confusion"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/confusions/{figure}.json",
    log:
        "logs/confusions/{figure}.log",
    benchmark:
        "logs/confusions/{figure}.tsv"
    wildcard_constraints:
        figure=figures("confusions"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/confusions.py --config {params.config:q} --confusion {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule aurocs:
    """Attacks told by consistency (lee2019 Fig. 5)."""
    input:
        detection=data("detection"),
        scores=data("scores"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/aurocs/{figure}.json",
    log:
        "logs/aurocs/{figure}.log",
    benchmark:
        "logs/aurocs/{figure}.tsv"
    wildcard_constraints:
        figure=figures("aurocs"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/aurocs.py --config {params.config:q} --detection {input.detection:q} --scores {input.scores:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"
