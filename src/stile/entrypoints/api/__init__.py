"""For other programs: REST under /api/v1, by a token that says what it may do."""
