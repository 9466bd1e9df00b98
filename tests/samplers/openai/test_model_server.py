"""The tests' own server: its built-in model gives programs that really run."""

from __future__ import annotations

import asyncio

import pytest

from fsdb.evaluator.evaluation import Limits
from fsdb.evaluator.pool import Evaluator
from fsdb.problem.loading import load_problem
from fsdb.samplers.base import Parent
from fsdb.samplers.openai import ModelSettings, OpenAISampler
from tests.samplers.openai.conftest import drain, prompt


@pytest.mark.parametrize("endpoint", ["chat", "completions"])
@pytest.mark.parametrize("name", ["cap_set", "bin_packing"])
def test_its_programs_run_and_differ(serve, name, endpoint):
    problem = load_problem(name)
    inputs = [3] if name == "cap_set" else list(problem.inputs.values())[:1]
    server = serve()
    sampler = OpenAISampler(
        problem, [ModelSettings(model=server.model, base_url=server.base_url, endpoint=endpoint)]
    )
    seed = Parent(0, problem.specification.evolve.source, 1.0)
    prompts = [prompt(0, parents=(seed, seed)), prompt(1, parents=(seed,)), prompt(2, parents=())]
    found = asyncio.run(drain(sampler, *prompts))
    sources = [sampler.extract(completion.text) for completions in found for completion in completions]
    assert len(sources) == 12
    if name == "bin_packing":
        assert len(set(sources)) > 9

    async def evaluate():
        evaluator = Evaluator(
            problem.specification, inputs, problem.reduce, Limits(), processes=1, allow_unsafe=True
        )
        await evaluator.start()
        try:
            return [await evaluator.evaluate(source) for source in dict.fromkeys(sources)]
        finally:
            await evaluator.close()

    assert {(evaluation.status, evaluation.error) for evaluation in asyncio.run(evaluate())} == {("ok", None)}


def test_its_answers_are_the_same_for_the_same_request(serve, sampler_for):
    texts = [
        [completion.text for completion in asyncio.run(drain(sampler_for(serve()), prompt()))[0]]
        for _ in range(2)
    ]
    assert texts[0] == texts[1]
