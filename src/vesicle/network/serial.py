"""A network as canonical JSON and back; its hash names its content."""

from __future__ import annotations

import hashlib
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import sympy

from vesicle.errors import SchemaError
from vesicle.network import spread
from vesicle.network import types as network_types
from vesicle.network.expressions import read, write
from vesicle.network.types import Network

SCHEMA = "vesicle-network/1"
_NAMESPACE = {**vars(network_types), "Spread": spread.Spread, "Component": spread.Component, "sympy": sympy, "Expr": sympy.Expr}


def to_json(network: Network) -> str:
    """Canonical JSON: sorted keys, no spaces, expressions as text."""
    return json.dumps({"schema": SCHEMA, "network": _plain(network)}, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Network:
    """The network that :func:`to_json` wrote.

    Raises
    ------
    SchemaError
        If the text is not such a network.
    """
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as problem:
        raise SchemaError(f"line {problem.lineno}: this is not JSON ({problem.msg}).") from None
    except RecursionError:
        raise SchemaError("this is not a Vesicle network: it is nested too deeply.") from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise SchemaError(f"this is not a Vesicle network; expected the schema '{SCHEMA}'.")
    try:
        network = _build(Network, document.get("network"))
    except SchemaError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise SchemaError(f"the document has the schema '{SCHEMA}' but not its shape; write it with to_json.") from None
    if not isinstance(network, Network):
        raise SchemaError(f"the document has the schema '{SCHEMA}' but holds no network.")
    return network


def _refuse_constant(word: str) -> float:
    raise SchemaError(f"'{word}' is not a finite number.")


def content_hash(network: Network) -> str:
    """SHA-256 over the canonical JSON, first 16 hexadecimal digits."""
    return hashlib.sha256(to_json(network).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, sympy.Basic):
        return write(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(child) for key, child in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(child) for child in value]
    return value


def _build(kind: Any, value: Any) -> Any:
    if kind is Any or value is None:
        return value
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        inner = [k for k in typing.get_args(kind) if k is not type(None)]
        return _build(sympy.Expr if sympy.Expr in inner and isinstance(value, str) else inner[0], value)
    if origin is tuple:
        inner_kinds = typing.get_args(kind)
        if len(inner_kinds) == 2 and inner_kinds[1] is Ellipsis:
            return tuple(_build(inner_kinds[0], child) for child in value)
        return tuple(_build(k, child) for k, child in zip(inner_kinds, value, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        inner = typing.get_args(kind)[1]
        return {key: _build(inner, child) for key, child in value.items()}
    if kind is sympy.Expr:
        return read(value)
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind, globalns=_NAMESPACE)
        return typing.cast(Any, kind)(**{name: _build(hints[name], child) for name, child in value.items()})
    if kind in (float, int, str, bool):
        return _scalar(kind, value)
    return value


def _scalar(kind: Any, value: Any) -> Any:
    """A plain value of exactly the kind that the field holds."""
    if kind is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    raise TypeError(f"{value!r} is no {kind.__name__}")
