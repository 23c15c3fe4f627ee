"""Figures and tables of the papers, redrawn: a rule per kind of figure (study.schema.figures).

Needs tables of analyses, and what the works print beside them. Makes
results/figures/<figure>.svg and results/figures/<table>.parquet.
"""

for kind in FIGURES:

    rule:
        name:
            kind.rule()
        input:
            unpack(drawn_from),
        output:
            figure=report(
                "results/figures/{figure}.svg",
                caption="captions/figure.rst",
                category=work_of,
                subcategory="figures",
                labels=labels_of,
            ),
            record=f"results/records/{kind.rule()}/{{figure}}.json",
        log:
            f"logs/{kind.rule()}/{{figure}}.log",
        benchmark:
            f"logs/{kind.rule()}/{{figure}}.tsv"
        wildcard_constraints:
            figure=figures(kind),
        group:
            "figures"
        conda:
            "../envs/environment.yaml"
        resources:
            mem_mb=growing(2000),
            runtime=growing(10),
            disk_mb=100,
        params:
            program=kind.rule(),
            config=lambda w: slices.exhibit(STUDY, CONFIG.figures[w.figure]),
            data=options,
        shell:  # is formatted when a job runs, which is when `kind` is the last one
            "python scripts/figures/{params.program:q}.py --config {params.config:q}"
            " {params.data:q} --output {output.figure:q}"
            " --record {output.record:q} --command {params.command} > {log:q} 2>&1"

    workflow.get_rule(kind.rule()).docstring = kind.__doc__


rule error_tables:
    """Error measures of some methods on one set, beside the published values."""
    input:
        lambda w: CONFIG.tables[w.table].data(STUDY)["errors"],
    output:
        table=report(
            "results/figures/{table}.parquet",
            caption="captions/errors.rst",
            category=work_of,
            subcategory="tables",
            labels=labels_of,
        ),
        record="results/records/error_tables/{table}.json",
    log:
        "logs/error_tables/{table}.log",
    benchmark:
        "logs/error_tables/{table}.tsv"
    wildcard_constraints:
        table=one_of(CONFIG.tables),
    group:
        "figures"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
        disk_mb=100,
    params:
        config=lambda w: slices.table(STUDY, CONFIG.tables[w.table], WORKS),
    shell:
        "python scripts/figures/error_tables.py --config {params.config:q} --errors {input:q}"
        " --output {output.table:q}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"
