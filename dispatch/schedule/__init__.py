"""Times of tours whose order of visits is given."""
