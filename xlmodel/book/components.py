"""What reads one another, in an order in which everything comes after what it reads."""

from collections.abc import Iterator, Sequence


def components(reads: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Groups of numbers that lead to one another, each after the groups that it leads to (Tarjan 1972, without recursion).

    Args:
        reads: for each number those that it leads to.

    >>> list(components([[1], [2], [1], []]))
    [[2, 1], [0], [3]]
    """
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    held: dict[int, None] = {}  # in the order in which they were met
    for start in range(len(reads)):
        path = [] if start in number else [start]
        others: dict[int, Iterator[int]] = {}
        while path:
            key = path[-1]
            if key not in others:
                number[key] = low[key] = len(number)
                held[key] = None
                others[key] = iter(reads[key])
            other = next((o for o in others[key] if o not in number or o in held), None)
            if other is None:
                path.pop()
                if path:
                    low[path[-1]] = min(low[path[-1]], low[key])
                if low[key] == number[key]:
                    group: list[int] = []
                    while not group or group[-1] != key:
                        group.append(held.popitem()[0])
                    yield group
            elif other in number:
                low[key] = min(low[key], number[other])
            else:
                path.append(other)
