"""The command line that puts the parts together."""
