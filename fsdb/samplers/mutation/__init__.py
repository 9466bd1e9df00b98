"""The mutation sampler, the embedded default: a search method that needs no model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdb.samplers.mutation.sampler import MutationSampler

if TYPE_CHECKING:
    from fsdb.problem.specification import Problem
    from fsdb.samplers.base import Sampler

__all__ = ["MutationSampler", "mutation_sampler"]


def mutation_sampler(problem: Problem) -> Sampler:
    """Return the sampler for what evolves in a problem: a function, or blocks."""
    if problem.specification.blocks:
        from fsdb.samplers.mutation.blocks import BlockMutationSampler

        return BlockMutationSampler(problem.specification)
    return MutationSampler(problem.specification)
