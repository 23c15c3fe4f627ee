"""What the rules of figures are made of, and where the report says that each figure comes from."""

import mimetypes

from study import pages
from study.schema.figures import KINDS as FIGURES

# Snakemake's own report would show what it does not know as text.
mimetypes.add_type("application/vnd.apache.parquet", ".parquet")

SHOWN = {**CONFIG.figures, **CONFIG.tables}


def figures(kind):
    """A wildcard constraint: the figures of a kind."""
    return one_of(name for name, each in CONFIG.figures.items() if isinstance(each, kind))


def drawn_from(w):
    """The data of a figure by role."""
    return with_digests(CONFIG.figures[w.figure].data(STUDY))


def with_digests(data):
    """Files by role. A folder has no checksum, so its digest comes with it."""
    inputs = {
        role: [ancient(path) if is_folder(path) else path for path in paths]
        for role, paths in data.items()
    }
    inputs["digests"] = [
        f"{path}.json" for paths in data.values() for path in paths if is_folder(path)
    ]
    return inputs


def options(w, input):
    """The data of a figure as options of its program."""
    return as_options(CONFIG.figures[w.figure].data(STUDY), input)


def as_options(roles, input):
    """A job's files as options of its program, one per role."""
    return [word for role in roles for word in (f"--{role}", *input[role])]


def data_files(name):
    """The files that a figure or table is made from, each once; for a folder its digest."""
    files = (path for paths in SHOWN[name].data(STUDY).values() for path in paths)
    return list(dict.fromkeys(f"{path}.json" if is_folder(path) else path for path in files))


def labels_of(w):
    """The name and the title of a figure or table, for Snakemake's own report."""
    (name,) = w
    return {"name": name, "title": SHOWN[name].title}


def work_of(w):
    """The work that a figure or table is of, by its name; else it is the user's own."""
    (name,) = w
    return next((work for work in CONFIG.works if name.startswith(f"{work}-")), "own")


def shown_on(page):
    """The figures and tables of a page of the report in their order, and the code of each rule."""
    exhibits = pages.exhibits(CONFIG, page)
    codes = {
        name: code_of(workflow.get_rule(name)) for name in {e.rule() for e in exhibits.values()}
    }
    return {
        "shown": [
            {
                "name": name,
                "title": each.title,
                "caption": each.caption,
                "over": pages.over(STUDY, each),
                "explored": name in EXPLORED,
                "rule": each.rule(),
                "config": slices.exhibit(STUDY, each),
                "data": data_files(name),
            }
            for name, each in exhibits.items()
        ],
        "data": data_of(page),
        "codes": {
            name: {"fingerprint": code.fingerprint, "definitions": code.definitions}
            for name, code in codes.items()
        },
    }


def data_of(page):
    """The files that the figures and tables of a page are made from, each once."""
    return sorted({path for name in pages.exhibits(CONFIG, page) for path in data_files(name)})
