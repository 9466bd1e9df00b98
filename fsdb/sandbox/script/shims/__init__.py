"""Modules that other systems' evaluators import, found inside the sandbox under the names they know."""
