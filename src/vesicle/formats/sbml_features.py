"""What of SBML is understood, as data, in the words of the SBML Test Suite's tags.

A model that needs nothing but ``UNDERSTOOD`` runs and must be right; one that needs something of
``REFUSED`` stops with its name. There is no third kind.
"""

from __future__ import annotations

from vesicle.errors import UnsupportedFeature

UNDERSTOOD: dict[str, str] = {
    "Compartment": "a place with a size",
    "Species": "an amount in a place",
    "Parameter": "a number with or without a unit",
    "Reaction": "changes of amounts at a rate",
    "FunctionDefinition": "put in where it is called",
    "InitialAssignment": "computed once at time 0",
    "AssignmentRule": "a rule of the network",
    "RateRule": "an integrated quantity",
    "EventNoDelay": "a trigger",
    "EventWithDelay": "a trigger with a delay",
    "EventPriority": "order of triggers of one moment",
    "EventIsPersistent": "acts after its delay whatever happens",
    "EventIsNotPersistent": "is called off when its condition fails before it acts",
    "EventUsesTriggerTimeValues": "values read when the condition becomes true",
    "EventUsesAssignmentTimeValues": "values read when they are set",
    "RandomEventExecution": "triggers of one moment without an order act in an order of the engine",
    "EventT0Firing": "a trigger that acts at time 0",
    "CSymbolTime": "the time of the run",
    "CSymbolAvogadro": "the Avogadro number",
    "CSymbolRateOf": "the time derivative, by the chain rule",
    "Amount": "amounts are what is integrated",
    "Concentration": "amount over size",
    "HasOnlySubstanceUnits": "the symbol is the amount",
    "BoundaryCondition": "reactions do not change it",
    "ConstantSpecies": "nothing changes it",
    "ConversionFactors": "factors of the changes by reactions",
    "NonUnityStoichiometry": "changes other than one",
    "AssignedConstantStoichiometry": "computed at time 0",
    "AssignedVariableStoichiometry": "may vary during the run",
    "SpeciesReferenceInMath": "a stoichiometry in a formula",
    "NonConstantCompartment": "a size that varies",
    "NonUnityCompartment": "a size other than one",
    "MultiCompartment": "several places",
    "0D-Compartment": "a place without a size: species are amounts",
    "NonConstantParameter": "a parameter that varies",
    "InitialValueReassigned": "the later statement counts",
    "LocalParameters": "named after their reaction",
    "ReversibleReaction": "the sign of the rate decides",
    "VolumeConcentrationRates": "concentrations in places whose size varies",
    "UncommonMathML": "functions beyond + - * / and powers",
    "L3v2MathML": "max, min, quotient, rem, implies, rateOf",
    "BoolNumericSwap": "true is 1, and all but 0 is true",
    "NoMathML": "an element without its formula is as if it were not there",
    "comp:Submodel": "put in place by libSBML before anything else",
    "comp:ModelDefinition": "the same",
    "comp:ReplacedElement": "the same",
    "comp:ReplacedBy": "the same",
    "comp:SBaseRef": "the same",
    "comp:Deletion": "the same",
    "comp:Port": "the same",
    "comp:SubmodelOutput": "the same",
    "comp:ConversionFactor": "the same",
    "comp:TimeConversionFactor": "the same",
    "comp:ExtentConversionFactor": "the same",
}

REFUSED: dict[str, str] = {
    "AlgebraicRule": "an algebraic rule leaves open which quantity follows; write it as an assignment rule",
    "CSymbolDelay": "the delay function needs the past of the run, which the engine does not keep; model the delay with intermediate steps",
    "FastReaction": "fast reactions (equilibrium at every moment) were removed from SBML; write the equilibrium as an assignment rule",
    "fbc": "flux balance has no course in time; use a constraint-based program",
    "distrib": "distributions in formulas are not drawn here; write the numbers",
    "package": "a package that this version does not read is required; export the model without it",
    "comp:ExternalModelDefinition": "submodels in other files are not loaded; put them into this file",
    "DelayedConcentration": "a concentration set after a delay to a value from before it needs the size of that later time; use values of the assignment time",
    "NotFinite": "a number must be finite (not NaN or infinity); write a finite number",
    "NoValue": "a value is missing; write one or an initial assignment",
    "UnknownMathML": "this element of MathML is not understood; write the formula with others",
    "DerivativeOfStep": "the rate of a quantity that jumps or is not smooth is not known; write its rate rule",
}


def refuse(tag: str, where: str, what: str) -> UnsupportedFeature:
    """The error for a feature that is not offered: its place, what was found, its tag and what to do."""
    return UnsupportedFeature(f"{where}{what}: not offered ({tag}): {REFUSED[tag]}.")
