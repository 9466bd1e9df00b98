"""The search: its loop, what is under way in it, the events that it writes, and whole runs."""
