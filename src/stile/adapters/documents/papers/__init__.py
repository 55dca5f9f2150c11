"""What a file hides, found; and copies of it that hide nothing."""
