"""Options that several commands share, and how ``name=value`` is read."""

from __future__ import annotations

from typing import Annotated

import typer

from vesicle.errors import InputError

Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output and nothing else.")]


def pair(text: str, option: str = "--set", like: str = "path=value, like --set duration='10 d'") -> tuple[str, str]:
    """The two sides of ``name=value``.

    Raises
    ------
    InputError
        If there is no ``=`` or no name.
    """
    path, sign, value = text.partition("=")
    if not sign or not path.strip():
        raise InputError(f"{option} {text}: expected {like}.".strip())
    return path.strip(), value.strip()
