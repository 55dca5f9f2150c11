"""The public account as files: a page for people and data for machines, all of one `Account`; the same over HTTP and in
a folder."""
