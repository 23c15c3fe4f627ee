"""What the rules of the report are made of: its pages, their templates and what each shows."""

from study import pages

PAGES = pages.names(CONFIG)
PARTS = "scripts/glassbox/report"
ERRATA = [
    path
    for path in (each.replace("claims.yaml", "errata.yaml") for each in CLAIMS)
    if (ROOT / path).exists()
]
OF_WORKS = [path for work in CONFIG.works if (ROOT / (path := f"docs/{work}.md")).exists()]
WRITTEN = ["docs/findings.md", *OF_WORKS, "docs/verdicts.md"]


def templates(*names):
    return [f"{PARTS}/templates/{name}.html" for name in ("base", "parts", *names)]


def of_page(w):
    """What a page needs: of a work its verdicts, of the user's own models their errors."""
    shown = pages.exhibits(CONFIG, w.page)
    of_work = w.page in CONFIG.works
    verdicts = [f"results/claims/{table}.parquet" for table in ("verdicts", "parts")]
    return {
        "verdicts": verdicts[:1] * of_work,
        "parts": verdicts[1:] * of_work,
        "errors": [] if of_work else STUDY.all("errors"),
        "tables": [f"results/figures/{name}.parquet" for name in shown if name in CONFIG.tables],
        "figures": [f"results/figures/{name}.svg" for name in shown if name in CONFIG.figures],
        "data": data_of(w.page),
    }


def page_slice(w):
    """The slice of a page, with the figures that it shows."""
    return slices.report_page(CONFIG, w.page, pages.navigation(CONFIG), shown_on(w.page))
