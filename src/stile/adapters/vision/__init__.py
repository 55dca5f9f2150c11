"""What sees: model packs, their fetching and loading, and the reading of pictures.

Importing this package needs none of the packages of the `vision` extra; loading a pack does.
"""

from stile.adapters.vision.packs import Pool, best, installed, load_eyes, open_pool
from stile.adapters.vision.pictures import PillowReader

__all__ = ["PillowReader", "Pool", "best", "installed", "load_eyes", "open_pool"]
