"""One file a change. A released one is never edited: it has run in somebody's centre."""
