"""Documents: what is drawn and written to be read by people outside the lane."""

from stile.adapters.documents.det import Curve, Mark, det

__all__ = ["Curve", "Mark", "det"]
