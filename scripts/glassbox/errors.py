"""The error that a program reports in words and without a traceback."""


class GlassboxError(Exception):
    """What was wrong, where, and what to do, in a message meant for the user."""
