"""The account as open data: JSON, CSV on the Web, a DCAT-AP catalogue, an ATRS record. Nothing in here finds anything
out; it only puts an `Account` into words that machines read."""
