"""Worker processes: tasks in, results out, in the order of the tasks.

Processes are spawned, never forked. A finished task is kept in a checkpoint folder, so that an
interrupted run goes on where it stopped. With one worker the tasks run in this process; the
numbers are the same.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from vesicle.errors import Interrupted, SolverError
from vesicle.runs.folder import ARGUMENTS
from vesicle.runs.work import DoseSearch, Task, perform

Progress = Callable[[int, int, str], None]
PATIENCE_S = 5.0
"""How long a worker that was told to end may take."""


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
        raise Interrupted(f"stopped after {len(results)} of {total} tasks; {_how_to_go_on(checkpoint)}.") from None
    return [results[task.id] for task in tasks]


def _how_to_go_on(checkpoint: Path | None) -> str:
    """What helps after Ctrl-C: nothing is kept without a checkpoint, and only a run has a folder from which it can be resumed."""
    if checkpoint is None:
        return "nothing was kept, run the same command again"
    if (checkpoint.parent / ARGUMENTS).exists():
        return "run the same command again, or `vesicle resume`, to go on"
    return "run the same command again to go on"


@contextmanager
def _deaf() -> Iterator[None]:
    """Without Ctrl-C: processes that are started meanwhile never hear it. Only the main thread can be made so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _ignore_interrupts() -> None:
    """First act of a worker: Ctrl-C is for the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end(workers: Sequence[BaseProcess]) -> None:
    """End worker processes and wait until they are gone."""
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(PATIENCE_S)
        if worker.is_alive():
            worker.kill()
            worker.join()


def _in_processes(waiting: Sequence[Task | DoseSearch], workers: int, results: dict[str, Any], checkpoint: Path | None, progress: Progress, total: int, what: str) -> None:
    context = multiprocessing.get_context("spawn")
    others, threads = set(multiprocessing.active_children()), set(threading.enumerate())
    with ProcessPoolExecutor(min(workers, max(len(waiting), 1)), mp_context=context, initializer=_ignore_interrupts) as pool:
        try:
            with _deaf():
                futures: dict[Future[Any], str] = {pool.submit(perform, task): task.id for task in waiting}
            while futures:
                finished, _ = wait(futures, return_when=FIRST_COMPLETED)
                for future in finished:
                    name = futures.pop(future)
                    results[name] = _result(future, name)
                    _keep(checkpoint, name, results[name])
                    progress(len(results), total, what)
        except BaseException:
            with _deaf():
                pool.shutdown(wait=False, cancel_futures=True)
                _end([worker for worker in multiprocessing.active_children() if worker not in others])
                for thread in set(threading.enumerate()) - threads:  # the pool's own; while it closes its pipes, the pool must not be collected
                    thread.join(PATIENCE_S)
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
