"""YAML of a report to plain values: no tags, no aliases, bounded in depth and size."""

from pathlib import Path
from typing import Any

import yaml

from xlmodel.errors import InputRefused
from xlmodel.readers.results.document import AGAIN, DEEPEST, MOST_NODES

_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc]
    """A safe loader that takes no key twice: of two values, one would win without a word."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        twice = next((key for i, key in enumerate(keys) if key in keys[:i]), None)
        if twice is not None:
            raise yaml.MarkedYAMLError(problem=f"the key {twice!r} twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


_EXPECTED = "a benchmark report in YAML"


def load(path: Path, text: str) -> Any:
    """The values of the first document.

    Raises:
        InputRefused: it is no YAML, or holds what a report has no use for.
    """
    depth = nodes = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            nodes += 1
            if isinstance(event, yaml.AliasEvent):
                raise InputRefused.one(
                    str(path), "an alias (*name)", "values written out", "write the report without aliases"
                )
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                depth += 1
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                depth -= 1
            if depth > DEEPEST or nodes > MOST_NODES:
                found = "values nested too deep" if depth > DEEPEST else f"more than {MOST_NODES:,} values"
                raise InputRefused.one(
                    str(path), found, _EXPECTED, "leave out the time series and the requests one by one"
                )
        return next(yaml.load_all(text, Loader=_Loader), None)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise InputRefused.one(str(path), f"text that is no YAML{line}", _EXPECTED, AGAIN) from None
