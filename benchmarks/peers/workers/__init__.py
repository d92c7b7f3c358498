"""Small programs that run in the peers' environment: they import nothing of the house."""
