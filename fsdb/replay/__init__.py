"""Replay: what a run's log says of its own draws, and what another policy would have drawn."""
