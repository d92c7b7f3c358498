"""Which turns are forbidden or cost time, and the graph that knows it."""
