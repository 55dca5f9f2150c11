"""The licence of open data where an organisation chooses no other."""

OPEN_GOVERNMENT_LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
"""Open Government Licence for public sector information, version 3.0."""
