"""Doors. Law 8: each can let one person in, and none can keep anybody in."""

from stile.adapters.door.doors import LaneDoors
from stile.adapters.door.simulated import SimulatedDoor

__all__ = ["LaneDoors", "SimulatedDoor"]
