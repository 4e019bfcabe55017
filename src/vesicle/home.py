"""Where a user's own data lie: imported tables, own claims. The program never writes anywhere else unasked."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "VESICLE_HOME"


def home() -> Path:
    """The user's data folder: ``VESICLE_HOME`` if it is set, else where the system keeps such data; it may not exist yet."""
    chosen = os.environ.get(VARIABLE, "").strip()
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("vesicle", appauthor=False))
