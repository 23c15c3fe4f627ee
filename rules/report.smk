"""The report: static pages that open without a network.

Needs every figure, table and verdict, and the errors and histories that there are. Makes
results/report/report.html, the overview, errata.html and made.html beside it, a folder with what was
found, and a folder for each work, and for the user's own models, with index.html, figures and tables.
"""


rule report:
    """Show all verdicts with their reasons, errata, and how the study was made."""
    input:
        verdicts="results/claims/verdicts.parquet",
        parts="results/claims/parts.parquet",
        errors=STUDY.all("errors"),
        histories=STUDY.all("training.history"),
    output:
        page="results/report/report.html",
        errata="results/report/errata.html",
        made="results/report/made.html",
        style="results/report/report.css",
        script="results/report/report.js",
        findings=directory("results/report/findings"),
        downloads=directory("results/report/tables"),
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
        config=lambda w: slices.report(
            CONFIG, pages.navigation(CONFIG), [*left_out(CONFIG), *STUDY.surplus()]
        ),
    shell:
        "printf %s {params.config:q} | python scripts/report/report.py --config -"
        f" --templates {' '.join(templates('overview', 'findings', 'errata', 'made'))}"
        f" --assets {PARTS}/assets/report.css {PARTS}/assets/report.js"
        f" --requirements envs/requirements.txt --claims {' '.join(CLAIMS)}"
        f" --errata {' '.join(ERRATA)}"
        f" --written {' '.join(WRITTEN)}"
        " --verdicts {input.verdicts:q} --parts {input.parts:q} --errors {input.errors:q}"
        " --histories {input.histories:q}"
        " --output {output.page:q} {output.errata:q} {output.made:q}"
        " --copies {output.style:q} {output.script:q} --findings {output.findings:q}"
        " --downloads {output.downloads:q}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"


rule report_page:
    """Show the figures, tables and statements of a work, or the user's own models."""
    input:
        unpack(of_page),
    output:
        page=directory("results/report/{page}"),
        record="results/records/report_page/{page}.json",
    log:
        "logs/report_page/{page}.log",
    benchmark:
        "logs/report_page/{page}.tsv"
    wildcard_constraints:
        page=one_of(PAGES),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
        disk_mb=500,
    params:
        config=page_slice,
        claims=lambda w: [path for path in CLAIMS if f"/{w.page}/" in path],
        errata=lambda w: [path for path in ERRATA if f"/{w.page}/" in path],
        written=lambda w: [path for path in OF_WORKS if path == f"docs/{w.page}.md"],
    shell:
        "printf %s {params.config:q} | python scripts/report/report_page.py --config -"
        f" --templates {' '.join(templates('work', 'own'))}"
        " --claims {params.claims:q} --errata {params.errata:q} --written {params.written:q}"
        " --verdicts {input.verdicts:q} --parts {input.parts:q} --errors {input.errors:q}"
        " --tables {input.tables:q} --figures {input.figures:q} --data {input.data:q}"
        " --output {output.page:q}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"
