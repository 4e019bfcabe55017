"""Vessels: VEGF made by tumour cells, oxygen and HIF, sprouting of endothelium, the five steps to a vessel, coagulation."""
