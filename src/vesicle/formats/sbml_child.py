"""libSBML in a limited child: SBML on standard input, plain JSON on standard output.

Run as ``python -m vesicle.formats.sbml_child``. Older levels are converted to Level 3 Version 2
and submodels are put in place (both by libSBML); mathematics becomes nested lists such as
``["plus", ["ci", "S1"], ["cn", 2.0]]``. Nothing here judges a feature; the reader does.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from vesicle.reading.limited import limit_this_process

MAX_PROBLEMS = 5
HARMLESS = (10313,)
"""Errors about units that are named and not defined: units are labels here."""
_NAMES = {
    "PLUS": "plus", "MINUS": "minus", "TIMES": "times", "DIVIDE": "divide", "POWER": "power", "FUNCTION_POWER": "power",
    "CONSTANT_E": "e", "CONSTANT_PI": "pi", "CONSTANT_TRUE": "true", "CONSTANT_FALSE": "false", "NAME_TIME": "time", "NAME_AVOGADRO": "avogadro",
    "FUNCTION_RATE_OF": "rateOf", "FUNCTION_DELAY": "delay", "LAMBDA": "lambda",
}  # fmt: skip
_FUNCTIONS = (
    "ABS", "ARCCOS", "ARCCOSH", "ARCCOT", "ARCCOTH", "ARCCSC", "ARCCSCH", "ARCSEC", "ARCSECH", "ARCSIN", "ARCSINH", "ARCTAN", "ARCTANH", "CEILING",
    "COS", "COSH", "COT", "COTH", "CSC", "CSCH", "EXP", "FACTORIAL", "FLOOR", "LN", "LOG", "PIECEWISE", "ROOT", "SEC", "SECH", "SIN", "SINH", "TAN",
    "TANH", "MAX", "MIN", "QUOTIENT", "REM",
)  # fmt: skip
_LOGIC = {
    "LOGICAL_AND": "and", "LOGICAL_OR": "or", "LOGICAL_NOT": "not", "LOGICAL_XOR": "xor", "LOGICAL_IMPLIES": "implies",
    "RELATIONAL_EQ": "eq", "RELATIONAL_NEQ": "neq", "RELATIONAL_LT": "lt", "RELATIONAL_LEQ": "leq", "RELATIONAL_GT": "gt", "RELATIONAL_GEQ": "geq",
}  # fmt: skip


class Unreadable(Exception):
    """Stops the child with a problem list as its answer."""


def model_data(raw: bytes) -> dict[str, Any]:
    """A model as plain data, or ``{"problems": [...]}``."""
    import libsbml

    try:
        return _Walk(libsbml).document(raw.decode("utf-8"))
    except Unreadable as problem:
        return {"problems": problem.args[0]}


class _Walk:
    def __init__(self, library: Any):
        self.library = library
        self.words = {getattr(library, f"AST_{key}"): word for key, word in {**_NAMES, **_LOGIC, **{f"FUNCTION_{f}": f.lower() for f in _FUNCTIONS}}.items()}

    def document(self, raw: str) -> dict[str, Any]:
        library = self.library
        document = library.readSBMLFromString(raw)
        self.stop(document)
        was = (document.getLevel(), document.getVersion())
        packages = self.packages(document)
        if "comp" in packages:
            document = self.flat(document, packages)
        if document.getLevel() < 3:
            document.setLevelAndVersion(3, 2, False, True)
            if document.getLevel() < 3:
                self.stop(document)
                raise Unreadable([{"line": 1, "message": f"Level {was[0]} Version {was[1]} cannot be converted to Level 3"}])
        if document.getModel() is None:
            raise Unreadable([{"line": 1, "message": "there is no model in the document"}])
        self.check(document)
        return {"level": was, "packages": packages, **self.model(document.getModel())}

    def flat(self, document: Any, packages: dict[str, bool]) -> Any:
        """Submodels put in place; what libSBML cannot place is a problem."""
        outside = document.getPlugin("comp").getListOfExternalModelDefinitions()
        if outside.size():
            raise Unreadable([{"line": outside.get(0).getLine(), "message": f"the model '{outside.get(0).getId()}' in another file", "feature": "comp:ExternalModelDefinition"}])
        properties = self.library.ConversionProperties()
        properties.addOption("flatten comp", True)
        properties.addOption("performValidation", False)
        properties.addOption("abortIfUnflattenable", "all")
        if document.convert(properties) != self.library.LIBSBML_OPERATION_SUCCESS:
            self.stop(document)
            raise Unreadable([{"line": 1, "message": "the submodels cannot be put in place (a missing part or a circle)"}])
        return document

    def stop(self, document: Any) -> None:
        """Raise the errors that libSBML found, if any."""
        found: list[dict[str, Any]] = []
        for i in range(document.getNumErrors()):
            error = document.getError(i)
            if error.getErrorId() in HARMLESS or len(found) == MAX_PROBLEMS:
                continue
            if error.getSeverity() >= self.library.LIBSBML_SEV_ERROR:
                found.append({"line": error.getLine(), "message": error.getShortMessage(), "detail": error.getMessage(), "code": error.getErrorId()})
        if found:
            raise Unreadable(found)

    def check(self, document: Any) -> None:
        library = self.library
        for kind in ("UNITS_CONSISTENCY", "MODELING_PRACTICE", "SBO_CONSISTENCY", "OVERDETERMINED_MODEL"):
            document.setConsistencyChecks(getattr(library, f"LIBSBML_CAT_{kind}"), False)
        document.getErrorLog().clearLog()
        document.checkConsistency()
        self.stop(document)

    def packages(self, document: Any) -> dict[str, bool]:
        """Prefix of each package -> whether the file says that it is required."""
        found = {}
        for i in range(document.getNumPlugins()):
            plugin = document.getPlugin(i)
            prefix = plugin.getPackageName()
            if prefix not in ("l3v2extendedmath",):
                found[prefix] = bool(document.getPackageRequired(plugin.getURI()))
        for i in range(document.getNumUnknownPackages()):
            found[document.getUnknownPackagePrefix(i)] = bool(document.getPackageRequired(document.getUnknownPackageURI(i)))
        return found

    def model(self, model: Any) -> dict[str, Any]:
        return {
            "id": model.getId(), "name": model.getName(), "line": model.getLine(),
            "units": {kind: getattr(model, f"get{kind.capitalize()}Units")() for kind in ("time", "substance", "volume", "area", "length", "extent")},
            "unit_definitions": {u.getId(): [self.unit(p) for p in u.getListOfUnits()] for u in model.getListOfUnitDefinitions()},
            "conversion_factor": model.getConversionFactor(),
            "functions": [self.function(f) for f in model.getListOfFunctionDefinitions()],
            "compartments": [self.compartment(c) for c in model.getListOfCompartments()],
            "species": [self.species(s) for s in model.getListOfSpecies()],
            "parameters": [self.parameter(p) for p in model.getListOfParameters()],
            "initial": [{"symbol": a.getSymbol(), "line": a.getLine(), "math": self.math(a)} for a in model.getListOfInitialAssignments()],
            "rules": [self.rule(r) for r in model.getListOfRules()],
            "constraints": model.getNumConstraints(),
            "reactions": [self.reaction(r) for r in model.getListOfReactions()],
            "events": [self.event(e) for e in model.getListOfEvents()],
        }  # fmt: skip

    def unit(self, part: Any) -> list[Any]:
        return [self.library.UnitKind_toString(part.getKind()), _number(part.getExponentAsDouble()), part.getScale(), _number(part.getMultiplier())]

    def function(self, function: Any) -> dict[str, Any]:
        body = function.getBody()
        arguments = [function.getArgument(i).getName() for i in range(function.getNumArguments())]
        return {"id": function.getId(), "line": function.getLine(), "arguments": arguments, "body": self.node(body) if body is not None else None}

    def compartment(self, item: Any) -> dict[str, Any]:
        return {
            "id": item.getId(), "name": item.getName(), "line": item.getLine(), "constant": item.getConstant(), "units": item.getUnits(),
            "size": _number(item.getSize()) if item.isSetSize() else None,
            "dimensions": item.getSpatialDimensionsAsDouble() if item.isSetSpatialDimensions() else None,
        }  # fmt: skip

    def species(self, item: Any) -> dict[str, Any]:
        return {
            "id": item.getId(), "name": item.getName(), "line": item.getLine(), "constant": item.getConstant(), "units": item.getSubstanceUnits(),
            "compartment": item.getCompartment(), "boundary": item.getBoundaryCondition(), "only_substance": item.getHasOnlySubstanceUnits(),
            "amount": _number(item.getInitialAmount()) if item.isSetInitialAmount() else None,
            "concentration": _number(item.getInitialConcentration()) if item.isSetInitialConcentration() else None,
            "conversion_factor": item.getConversionFactor(),
        }  # fmt: skip

    def parameter(self, item: Any) -> dict[str, Any]:
        return {
            "id": item.getId(), "name": item.getName(), "line": item.getLine(), "constant": item.getConstant(), "units": item.getUnits(),
            "value": _number(item.getValue()) if item.isSetValue() else None,
        }  # fmt: skip

    def rule(self, item: Any) -> dict[str, Any]:
        kind = "algebraic" if item.isAlgebraic() else "rate" if item.isRate() else "assignment"
        return {"kind": kind, "variable": item.getVariable(), "line": item.getLine(), "math": self.math(item)}

    def reaction(self, item: Any) -> dict[str, Any]:
        law = item.getKineticLaw()
        return {
            "id": item.getId(), "name": item.getName(), "line": item.getLine(), "fast": item.isSetFast() and item.getFast(), "reversible": item.getReversible(),
            "reactants": [self.reference(r) for r in item.getListOfReactants()], "products": [self.reference(r) for r in item.getListOfProducts()],
            "modifiers": [r.getSpecies() for r in item.getListOfModifiers()],
            "law": None if law is None else {"line": law.getLine(), "math": self.math(law), "locals": [self.parameter(p) for p in law.getListOfLocalParameters()]},
        }  # fmt: skip

    def reference(self, item: Any) -> dict[str, Any]:
        return {
            "id": item.getId(), "species": item.getSpecies(), "line": item.getLine(), "constant": item.getConstant(),
            "stoichiometry": _number(item.getStoichiometry()) if item.isSetStoichiometry() else None,
        }  # fmt: skip

    def event(self, item: Any) -> dict[str, Any]:
        trigger = item.getTrigger()
        return {
            "id": item.getId(), "name": item.getName(), "line": item.getLine(), "from_trigger": item.getUseValuesFromTriggerTime(),
            "trigger": None if trigger is None else {"math": self.math(trigger), "initial": trigger.getInitialValue(), "persistent": trigger.getPersistent()},
            "delay": self.math(item.getDelay()) if item.isSetDelay() else None,
            "priority": self.math(item.getPriority()) if item.isSetPriority() else None,
            "assignments": [{"variable": a.getVariable(), "line": a.getLine(), "math": self.math(a)} for a in item.getListOfEventAssignments()],
        }  # fmt: skip

    def math(self, item: Any) -> Any:
        return self.node(item.getMath()) if item.isSetMath() else None

    def node(self, node: Any) -> list[Any]:
        library, kind = self.library, node.getType()
        if kind in (library.AST_INTEGER, library.AST_REAL, library.AST_REAL_E, library.AST_RATIONAL):
            return ["cn", node.getInteger() if kind == library.AST_INTEGER else _number(node.getValue())]
        if kind == library.AST_NAME:
            return ["ci", node.getName()]
        children = [self.node(node.getChild(i)) for i in range(node.getNumChildren())]
        if kind == library.AST_FUNCTION:
            return ["call", node.getName(), *children]
        word = self.words.get(kind)
        return [word, *children] if word else ["unknown", node.getName() or str(kind)]


def _number(value: float) -> Any:
    """A finite number, or its word, which JSON cannot hold as a number."""
    return value if value == value and abs(value) != float("inf") else repr(float(value))


def main() -> None:
    """Read, parse, answer."""
    limit_this_process()
    sys.stdout.write(json.dumps(model_data(sys.stdin.buffer.read()), separators=(",", ":")))


if __name__ == "__main__":
    main()
