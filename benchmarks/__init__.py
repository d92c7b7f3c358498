"""Benchmarks with one door: ``python -m benchmarks NAME``."""
