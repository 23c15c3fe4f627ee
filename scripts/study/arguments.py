"""The command line of programs that take no arguments."""

import argparse


def take_none(about: str | None) -> None:
    """Show what a program is about for --help; at that and at any argument the process ends."""
    form = argparse.RawDescriptionHelpFormatter
    argparse.ArgumentParser(description=about, formatter_class=form).parse_args()
