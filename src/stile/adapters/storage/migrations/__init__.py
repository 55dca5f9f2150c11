"""How a store of an older version becomes one of this version. Run by `open_store`, in one transaction."""
