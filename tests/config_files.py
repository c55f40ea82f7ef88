"""A settings file alone, as commands read one beside other files."""

from pathlib import Path

from xlmodel.errors import InputRefused
from xlmodel.readers.config import Config, survey_config


def read_config(path: Path) -> Config:
    """What a settings file says; refused where it says anything wrong."""
    config = survey_config(path)
    if config.problems:
        raise InputRefused(config.problems)
    return config
