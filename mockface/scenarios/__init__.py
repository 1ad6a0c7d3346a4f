"""Selects the step that answers a call: the scenario of the number, random choice, transport faults."""
