"""How samples become batches."""

from . import collate, fetch, worker

__all__ = ["collate", "fetch", "worker"]
