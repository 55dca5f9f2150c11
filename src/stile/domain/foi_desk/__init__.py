"""Requests for information, beside the states and the clock of `stile.domain.foi`: questions, drafts, letters, fees."""
