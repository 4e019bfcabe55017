"""The side door: models of others as networks of ours.

A file of a stranger is checked as XML (``reading``), parsed by libSBML in a limited child
(``sbml_child``), and turned from plain data into a network by our own rules (``sbml_reader``,
``mathml``). What is understood is a table (``sbml_features``); all else is refused by name.
"""
