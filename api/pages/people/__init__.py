"""Pages of people who work here: sign in, the own account, the accounts of an operator."""
