"""The audit log: who looked at what, signed heads, exports, and whether it is what was written."""
