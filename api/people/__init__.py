"""People who work here: accounts, sign-in, sessions, and what a request may do.

The parts go from the request inwards: :mod:`api.people.access` is the dependency of endpoints and pages,
:mod:`api.people.identify` asks who sends a request, :mod:`api.people.sessions` knows the browsers that are
signed in, :mod:`api.people.sign_in` and :mod:`api.people.accounts` are the use cases.
"""
