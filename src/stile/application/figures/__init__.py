"""Law 7: how often it was wrong in service, measured by period, and told."""
