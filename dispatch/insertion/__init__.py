"""The best place for one more ride in the tours there are."""
