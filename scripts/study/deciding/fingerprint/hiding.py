"""What hides which code it reaches, and is refused where it stands."""

DYNAMIC_IMPORTS = {"import_module", "__import__"}
DYNAMIC_NAMES = {"globals", "locals", "eval", "exec"}
WRITE_OUT = (
    'write its whole name out, as in import_module("package.module"), '
    'or its package, as in import_module(f"package.{name}")'
)
LIST = "put what it may find into a dict or a list, and choose from that"
# Attributes that hide which code they reach, with what does the same in the open.
HIDING = {
    "__subclasses__": LIST,
    "__init_subclass__": LIST,
    "__globals__": "name what is taken from there",
    "__doc__": "put the text into a constant, which is no docstring",
}
# What hides it in some modules of Python, which are no values either.
HIDING_IN = {
    ("sys", "modules"): "import the module by its name",
    ("pkgutil", "resolve_name"): WRITE_OUT,
    ("pkgutil", "iter_modules"): LIST,
    ("pkgutil", "walk_packages"): LIST,
    ("runpy", "run_path"): WRITE_OUT,
    ("runpy", "run_module"): WRITE_OUT,
    ("importlib", "reload"): "import the module once",
    ("sys",): "name what is taken from it",
    ("pkgutil",): "name what is taken from it",
    ("runpy",): "name what is taken from it",
    ("importlib",): "name what is taken from it",
}


class Untraceable(Exception):
    """Code that hides which code it reaches; the message says where, and the way out."""

    def __init__(self, file: str, line: int, what: str, instead: str):
        super().__init__(
            f"{file}:{line}: can't tell which code {what} reaches, so no fingerprint covers it; "
            f"{instead}"
        )
        self.file, self.line = file, line
