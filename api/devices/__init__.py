"""Tablets: enrolled with a code that is good once, opened with a PIN, locked out when they are lost."""
