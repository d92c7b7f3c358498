"""A generated region: villages, roads, addresses, a railway and buses, all invented, offline."""

from regions.sample.generate import SampleFiles, write_sample

__all__ = ["SampleFiles", "write_sample"]
