"""Figures and tables of the papers, redrawn.

Needs tables of analyses, and the table of claims for its published values. Makes
results/figures/<figure>.svg and results/figures/<table>.parquet.
"""

FIGURES = {
    kind: [name for name, figure in CONFIG.figures.items() if figure.kind == kind]
    for kind in ("histograms", "heatmaps", "profiles")
}


rule histograms:
    """Histograms of the absolute error (chen2017 Figs 3.7 and 3.10)."""
    input:
        lambda w: figure_data(w.figure),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/histograms/{figure}.json",
    log:
        "logs/histograms/{figure}.log",
    benchmark:
        "logs/histograms/{figure}.tsv"
    wildcard_constraints:
        figure=one_of(FIGURES["histograms"]),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/histograms.py --config {params.config:q} --predictions {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule heatmaps:
    """Averaged activations of replicate 0 as heat maps (chen2017 Figs 3.12, 6.3 and 6.4)."""
    input:
        lambda w: figure_data(w.figure),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/heatmaps/{figure}.json",
    log:
        "logs/heatmaps/{figure}.log",
    benchmark:
        "logs/heatmaps/{figure}.tsv"
    wildcard_constraints:
        figure=one_of(FIGURES["heatmaps"]),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/heatmaps.py --config {params.config:q} --averages {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule profiles:
    """Deviation measures from layer to layer (chen2017 Figs 6.7 to 6.9 and 6.12 to 6.14)."""
    input:
        lambda w: figure_data(w.figure),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/profiles/{figure}.json",
    log:
        "logs/profiles/{figure}.log",
    benchmark:
        "logs/profiles/{figure}.tsv"
    wildcard_constraints:
        figure=one_of(FIGURES["profiles"]),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/profiles.py --config {params.config:q} --deviations {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule error_tables:
    """Error measures of some methods on one set, beside the published values."""
    input:
        "results/analyses/errors.parquet",
    output:
        table="results/figures/{table}.parquet",
        record="results/records/error_tables/{table}.json",
    log:
        "logs/error_tables/{table}.log",
    benchmark:
        "logs/error_tables/{table}.tsv"
    wildcard_constraints:
        table=one_of(CONFIG.tables),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.table(CONFIG, w.table),
    shell:
        "python scripts/error_tables.py --config {params.config:q} --errors {input:q}"
        " --claims scripts/glassbox/claims/chen2017.yaml --output {output.table:q}"
        " --record {output.record:q} > {log:q} 2>&1"
