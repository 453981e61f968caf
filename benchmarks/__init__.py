"""Measurements against the targets of the design: ``python -m benchmarks [--quick]``."""
