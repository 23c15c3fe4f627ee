"""The report.

Needs every figure, table and verdict, and the errors and histories that there are. Makes
results/report/report.html, one page that opens without a network.
"""


rule report:
    """Show every figure, table and verdict beside what was printed, and where each is from."""
    input:
        verdicts="results/claims/verdicts.parquet",
        parts="results/claims/parts.parquet",
        errors=STUDY.all("errors"),
        tables=expand("results/figures/{table}.parquet", table=CONFIG.tables),
        figures=expand("results/figures/{figure}.svg", figure=CONFIG.figures),
        data=sorted({path for name in SHOWN for path in data_files(name)}),
        histories=STUDY.all("training.history"),
    output:
        page="results/report/report.html",
        record="results/records/report.json",
    log:
        "logs/report.log",
    benchmark:
        "logs/report.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
        disk_mb=500,
    params:
        config=lambda w: slices.report(CONFIG, origins()),
    shell:
        "printf %s {params.config:q} | python scripts/report/report.py --config -"
        " --template scripts/glassbox/report/template.html"
        f" --claims {' '.join(CLAIMS)}"
        " --verdicts {input.verdicts:q} --parts {input.parts:q} --errors {input.errors:q}"
        " --tables {input.tables:q} --figures {input.figures:q} --data {input.data:q}"
        " --histories {input.histories:q} --records results/records --output {output.page:q}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"
