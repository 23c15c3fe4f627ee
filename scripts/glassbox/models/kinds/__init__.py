"""Kinds of networks, a module each: its `architecture` makes one for a shape and some classes.

No kind names another, so that a job's code is that of the kinds of its own networks alone; what
several share lies beside this package.
"""


def module_name(kind: str) -> str:
    """The name of the module of a kind, "cnn-1d" for one."""
    return kind.replace("-", "_")
