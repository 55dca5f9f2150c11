"""One small module a page, each with its `router`."""
