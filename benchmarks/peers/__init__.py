"""Engines that people would pick instead: optional, in an environment of their own, never made-up figures."""
