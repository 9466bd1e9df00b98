"""The same prompt gets the same answer: in any process, in any order, whatever was asked before."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from fsdb.samplers.mutation import MutationSampler
from tests.samplers.mutation import problems

ROOT = Path(__file__).parents[3]


def digest_of_a_population() -> str:
    """A digest of many programs, for two problems; printed by the processes that are compared."""
    programs = [
        text
        for name in ("bin_packing", "cap_set")
        for text in problems.population(problems.bundled(name), 150, 5)
    ]
    return hashlib.sha256("\0".join(programs).encode()).hexdigest()


def _digest_in_a_process(hash_seed: str) -> str:
    code = "from tests.samplers.mutation.test_determinism import digest_of_a_population as f; print(f())"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_every_process_makes_the_same_programs() -> None:
    assert {_digest_in_a_process(seed) for seed in ("0", "1", "4242")} == {digest_of_a_population()}


@pytest.mark.parametrize("name", ["bin_packing", "cap_set"])
def test_an_answer_depends_on_its_prompt_alone(name: str) -> None:
    specification = problems.bundled(name)
    programs = problems.population(specification, 40)
    prompts = [
        problems.prompt(first, second, draw_id=n) for n, (first, second) in enumerate(pairwise(programs))
    ]
    warm, cold = MutationSampler(specification), MutationSampler(specification)
    forwards = [problems.texts(warm, each) for each in prompts]
    backwards = [problems.texts(cold, each) for each in reversed(prompts)]
    assert forwards == backwards[::-1]


def test_ordinals_can_be_asked_for_singly() -> None:
    specification = problems.bundled("cap_set")
    sampler = MutationSampler(specification)
    together = problems.prompt(specification.evolve.source, draw_id=9, ordinals=(0, 1, 2, 3))
    alone = [problems.prompt(specification.evolve.source, draw_id=9, ordinals=(n,)) for n in range(4)]
    expected = [text for each in alone for text in problems.texts(sampler, each)]
    assert problems.texts(sampler, together) == expected
    completions = asyncio.run(problems.answers(sampler, together))
    assert [completion.text for completion in completions] == expected
    assert [completion.ordinal for completion in completions] == [0, 1, 2, 3]


def test_seed_draw_and_ordinal_each_matter() -> None:
    specification = problems.bundled("cap_set")
    sampler = MutationSampler(specification)
    made = {
        text
        for seed in range(3)
        for draw in range(3)
        for text in problems.texts(sampler, problems.prompt(seed=seed, draw_id=draw, ordinals=(0, 1, 2)))
    }
    assert len(made) >= 20


def test_scores_and_ids_of_parents_do_not_matter() -> None:
    from dataclasses import replace

    specification = problems.bundled("cap_set")
    first, second = problems.population(specification, 2)
    plain = problems.prompt(first, second)
    other = replace(
        plain, parents=tuple(replace(p, score=p.score * 7 + 3, program_id=99) for p in plain.parents)
    )
    sampler = MutationSampler(specification)
    assert problems.texts(sampler, plain) == problems.texts(sampler, other)
