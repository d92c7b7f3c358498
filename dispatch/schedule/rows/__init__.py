"""Names of the rows of the kernels' arrays, a module for each array."""
