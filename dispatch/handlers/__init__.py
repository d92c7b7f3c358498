"""What each event does to an area's day, one module for each kind."""
