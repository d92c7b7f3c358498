"""The roster: who drives what when, and what that means for the plans of the days."""
