"""Pages for people who want to be brought somewhere: ask, choose, give a name, done."""
