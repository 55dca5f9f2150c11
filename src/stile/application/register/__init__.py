"""The register grows and is read from others; what is made of it: the assessment and the record of processing."""
