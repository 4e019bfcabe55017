"""Worker processes: tasks in, results out, in the order of the tasks.

Processes are spawned, never forked. A finished task is kept in a checkpoint folder, so that an
interrupted run goes on where it stopped. With one worker the tasks run in this process; the
numbers are the same.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any

from vesicle.errors import Interrupted, SolverError
from vesicle.runs.work import DoseSearch, Task, perform

Progress = Callable[[int, int, str], None]


def default_workers() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def silent(done: int, total: int, what: str) -> None:
    """A progress report that says nothing."""


def map_tasks(tasks: Sequence[Task | DoseSearch], workers: int, checkpoint: Path | None, progress: Progress, what: str) -> list[Any]:
    """Perform all tasks; see the module.

    Raises
    ------
    Interrupted
        On Ctrl-C; what was finished is in the checkpoint folder.
    SolverError
        If a worker process dies.
    """
    results: dict[str, Any] = {task.id: kept for task in tasks if (kept := _kept(checkpoint, task.id)) is not None}
    waiting = [task for task in tasks if task.id not in results]
    total = len(tasks)
    progress(len(results), total, what)
    try:
        if workers <= 1:
            for task in waiting:
                results[task.id] = perform(task)
                _keep(checkpoint, task.id, results[task.id])
                progress(len(results), total, what)
        else:
            _in_processes(waiting, workers, results, checkpoint, progress, total, what)
    except KeyboardInterrupt:
        raise Interrupted(f"stopped after {len(results)} of {total} tasks; run the same command again, or `vesicle resume`, to go on.") from None
    return [results[task.id] for task in tasks]


def _in_processes(waiting: Sequence[Task | DoseSearch], workers: int, results: dict[str, Any], checkpoint: Path | None, progress: Progress, total: int, what: str) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, max(len(waiting), 1)), mp_context=context) as pool:
        futures: dict[Future[Any], str] = {pool.submit(perform, task): task.id for task in waiting}
        try:
            while futures:
                finished, _ = wait(futures, return_when=FIRST_COMPLETED)
                for future in finished:
                    name = futures.pop(future)
                    results[name] = _result(future, name)
                    _keep(checkpoint, name, results[name])
                    progress(len(results), total, what)
        except BaseException:
            for future in futures:
                future.cancel()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _result(future: Future[Any], name: str) -> Any:
    from concurrent.futures.process import BrokenProcessPool

    try:
        return future.result()
    except BrokenProcessPool:
        advice = "run the same command again; in a script, call it under 'if __name__ == \"__main__\":', because workers import the script"
        raise SolverError(f"a worker process died during '{name}'; the finished tasks are kept, {advice}.") from None


def _kept(checkpoint: Path | None, name: str) -> Any:
    if checkpoint is None or not (checkpoint / f"{name}.task").exists():
        return None
    return pickle.loads((checkpoint / f"{name}.task").read_bytes())  # our own file, under a name that holds the content hash


def _keep(checkpoint: Path | None, name: str, result: Any) -> None:
    if checkpoint is None:
        return
    checkpoint.mkdir(parents=True, exist_ok=True)
    temporary = checkpoint / f"{name}.part"
    temporary.write_bytes(pickle.dumps(result))
    temporary.replace(checkpoint / f"{name}.task")
