"""The config's schema: one source for defaults, validation, editor completion and documentation.

`load` validates the merged config as a whole and reports every problem at once, each with the
key's path, what was found, what is allowed and the nearest right name.
"""

from study.schema.config import Config
from study.schema.loading import ConfigError, load
from study.schema.messages import nearest

__all__ = ["Config", "ConfigError", "load", "nearest"]
