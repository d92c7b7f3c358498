"""Pages about who drives what: the coordinator's roster, and where drivers find their shifts."""
