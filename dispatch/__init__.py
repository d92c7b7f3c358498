"""Decisions: the dial-a-ride problem, its engine and its independent checker."""
