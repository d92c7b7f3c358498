"""The control room: what is booked, how the tours run, what had to be refused."""
