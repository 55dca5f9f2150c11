"""Reading registers that other organisations publish."""

from stile.adapters.feeds.reader import HttpFeedReader

__all__ = ["HttpFeedReader"]
