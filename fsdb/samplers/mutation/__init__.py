"""The mutation sampler, the embedded default: a search method that needs no model."""

from fsdb.samplers.mutation.sampler import MutationSampler

__all__ = ["MutationSampler"]
