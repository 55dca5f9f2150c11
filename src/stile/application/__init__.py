"""One use case a file. Each commits once, at its edge."""
