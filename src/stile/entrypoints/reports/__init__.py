"""Reports to be filed: each one page that holds everything in itself."""
