"""Language models behind any endpoint that speaks OpenAI's protocol."""

from __future__ import annotations

from fsdb.samplers.openai.models import ModelSettings
from fsdb.samplers.openai.sampler import OpenAISampler

__all__ = ["ModelSettings", "OpenAISampler"]
