"""A parser that may fall over, in a child process with little memory and time.

The child is a module run by Python. It reads bytes on standard input and answers with one JSON
text; whatever else happens to it (a crash, the limit of memory, of processor time or of the
clock) is one sentence here and nothing more.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from vesicle.errors import LimitError, SchemaError

MEMORY_BYTES = 4_000_000_000
CPU_SECONDS = 60
CLOCK_SECONDS = 90
MAX_ANSWER = 400_000_000


def limit_this_process(memory: int = MEMORY_BYTES, cpu: int = CPU_SECONDS) -> None:
    """Take memory and processor time away from this process (where the system can), and let it leave no core file."""
    try:
        import resource
    except ImportError:  # no such limits on Windows; the clock still holds
        return
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, hard))


def answer(module: str, raw: bytes, name: str, clock: float = CLOCK_SECONDS) -> Any:
    """What a child that runs ``module`` makes of ``raw``, as plain data.

    Raises
    ------
    SchemaError
        If the child died of what it read.
    LimitError
        If it took too long.
    """
    try:
        done = subprocess.run([sys.executable, "-m", module], input=raw, capture_output=True, timeout=clock, check=False)
    except subprocess.TimeoutExpired:
        raise LimitError(f"{name}:1: reading took longer than {clock:g} s and was stopped; the file is too complex or made to be. Simplify it.") from None
    if done.returncode != 0 or len(done.stdout) > MAX_ANSWER:
        how = f"signal {-done.returncode}" if done.returncode < 0 else f"code {done.returncode}"
        raise SchemaError(f"{name}:1: the file cannot be read: its parser ended with {how} within the limits of memory and time. Check it with a validator.")
    try:
        return json.loads(done.stdout)
    except (ValueError, RecursionError):
        raise SchemaError(f"{name}:1: the file cannot be read: its parser gave no answer. Check it with a validator.") from None
