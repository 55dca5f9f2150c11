"""The gallery: exact 1:N search over the members who consented, in memory only (law 3 says who may call it)."""

from stile.adapters.gallery.blocks import Kind, best_kind
from stile.adapters.gallery.exact import ExactGallery, open_gallery

__all__ = ["ExactGallery", "Kind", "best_kind", "open_gallery"]
