"""Messages to riders: what is caused, gathered, worded, sent; and what a person has to call."""
