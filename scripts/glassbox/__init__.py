"""Functions and small classes on arrays and tensors, one module or sub-package per stage.

`glassbox.table` gives the tables of a finished study by name. Nothing is imported up here: every
program imports this package, and its imports would count as the code of each.
"""


def table(name: str, *, model: str | None = None, results: str = "results", **values: object):
    """A table of a finished study by its name, whole or in part, as a pandas DataFrame.

    model: only of this model, detector or experiment; values: only rows with these values in these
    columns, as in table("errors", model="mlp-2", set="jumps/test"); results: the study's folder of
    results. Replicates of a block beyond those that the study counts are left out. docs/results.md
    lists names and columns. Raises GlassboxError for what there is not, with what there is.
    """
    from study import reader

    return reader.table(name, model=model, results=results, **values)


def table_names(results: str = "results") -> list[str]:
    """The names of the tables that a finished study has; results: its folder of results."""
    from study import reader

    return reader.table_names(results)
