"""Runs tasks on many processes or machines: joblib on loky, Dask or Ray. Whatever dies, its row is done again."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib.util import find_spec
from itertools import islice
from typing import Any

from xlmodel.commands.batch.destination import BUILT, FAILED, Destination, Made
from xlmodel.commands.batch.task_list import Task
from xlmodel.commands.batch.worker import make
from xlmodel.errors import EngineMissing, InputRefused, Problem

BACKENDS = ("loky", "dask", "ray")
AGAIN = 2  # times that a row whose worker died is done again, alone
HOPELESS = 5  # rows in a row that died alone, after which it is no fault of theirs
AHEAD = 4  # rows for each worker that go out at once where results cannot come back one by one


@contextmanager
def workers(backend: str, address: str, jobs: int) -> Iterator[int]:
    """The workers of a backend, and how many they are.

    Args:
        backend: one of `BACKENDS`.
        address: of a running Dask or Ray cluster; empty for one on this computer.
        jobs: workers on this computer; -1 for one a core.

    Raises:
        EngineMissing: the backend is not installed.
        InputRefused: nothing answers at the address.
    """
    need = {"dask": "distributed", "ray": "ray"}.get(backend)
    if need and find_spec(need) is None:
        raise EngineMissing(f"{backend} is not installed. Install it with: pip install 'xlmodel[{backend}]'")
    import joblib  # noqa: PLC0415 - loads when used

    with ExitStack() as stack:
        try:
            options = stack.enter_context(_cluster(backend, address, jobs))
        except (OSError, TimeoutError, ValueError) as error:
            found = f"no cluster that answers at {address or 'this computer'} ({error})"[:300]
            raise InputRefused(
                [Problem(f"--backend {backend}", found, "a running cluster", "check --address")]
            ) from error
        stack.enter_context(joblib.parallel_config(backend, **options))
        yield joblib.effective_n_jobs(options.get("n_jobs", -1))


@contextmanager
def _cluster(backend: str, address: str, jobs: int) -> Iterator[dict[str, Any]]:
    """Connects to a cluster, or starts one here; the options that joblib needs for it."""
    if backend == "dask":
        from distributed import Client  # noqa: PLC0415 - an extra

        here: dict[str, Any] = {
            "n_workers": jobs if jobs > 0 else None,
            "threads_per_worker": 1,
            "dashboard_address": None,
        }
        with Client(address, timeout=20) if address else Client(**here):
            yield {}
    elif backend == "ray":
        import ray  # noqa: PLC0415 - an extra
        from ray.util.joblib import register_ray  # noqa: PLC0415

        here = {"num_cpus": jobs if jobs > 0 else None, "include_dashboard": False}
        ray.init(log_to_driver=False, logging_level=40, **({"address": address} if address else here))
        register_ray()
        try:
            yield {"n_jobs": int(ray.cluster_resources().get("CPU", 1))}
        finally:
            ray.shutdown()
    else:
        yield {"n_jobs": jobs}


def run(tasks: Sequence[Task], place: Destination, count: int) -> Iterator[Made]:
    """Do the tasks, in any order, on the workers of `workers`; each comes back once, as made or as failed.

    Args:
        tasks: what to do.
        place: where the books go.
        count: how many workers there are.

    Raises:
        InputRefused: workers die whatever they do.
    """
    left, hopeless = list(tasks), 0
    while left:
        sent: list[Task] = []
        done: set[str] = set()
        lost: Exception | None = None
        try:
            for made in _together(iter(left), place, count, sent):
                done.add(made.name)
                yield made
        except Exception as error:
            lost = error
        if lost:  # one of those that were under way is the cause; alone it shows itself and takes no other with it
            for task in [task for task in sent if task.name not in done]:
                stands = place.finished(task.name, task.line, task.digest)
                again = replace(stands, state=BUILT) if stands else _alone(task, place, count)
                hopeless = 0 if again else hopeless + 1
                if hopeless == HOPELESS:
                    found = f"workers that die whatever they do ({_words(lost)})"
                    fix = "see their logs; give them more memory, or take fewer at once with --jobs"
                    raise InputRefused([Problem("workers", found, "workers that finish a book", fix)])
                said = f"its worker died {AGAIN + 1} times: {_words(lost)}"
                yield again or Made(task.name, task.line, FAILED, task.digest, problem=said)
        left = [task for task in left if task not in sent] if lost else []


def _together(tasks: Iterator[Task], place: Destination, count: int, sent: list[Task]) -> Iterator[Made]:
    """Many at once; those handed to a worker are noted as sent."""
    import joblib  # noqa: PLC0415

    def going(rows: Iterator[Task]) -> Iterator[Any]:
        for task in rows:
            sent.append(task)
            yield joblib.delayed(make)(task, place)

    backend, _ = joblib.parallel.get_active_backend()
    if count == 1 or backend.supports_return_generator:
        yield from joblib.Parallel(batch_size=1, return_as="generator_unordered")(going(tasks))
        return
    while rows := list(islice(tasks, AHEAD * count)):
        yield from joblib.Parallel(batch_size=1)(going(iter(rows)))


def _alone(task: Task, place: Destination, count: int) -> Made | None:
    """A row whose worker died, in a process that does nothing else; None when that dies too."""
    for _ in range(AGAIN):
        try:
            return next(_together(iter([task]), place, count, []))
        except Exception:
            continue
    return None


def _words(lost: Exception) -> str:
    return f"{type(lost).__name__}: {lost}"[:500]
