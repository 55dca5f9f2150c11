"""Who works here: accounts, signing in, sessions, screens and tokens of other programs."""
