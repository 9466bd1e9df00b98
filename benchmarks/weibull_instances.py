"""Bin packing instances like the paper's Weibull ones, of any length.

    python benchmarks/weibull_instances.py 10000 > weibull_10k.json
    fsdb evaluate bin_packing best.py --inputs weibull_10k.json

Items are drawn from a Weibull distribution with scale 45 and shape 3, clipped and rounded to 1 to 100; bins
hold 100 (Romera-Paredes et al., Nature 625 (2024), doi:10.1038/s41586-023-06924-6). The paper has 5
instances of 5,000 items, 5 of 10,000 and 1 of 100,000; those of 5,000 are published and come with
the problem. The same seed and length give the same instances everywhere: Python
promises its generator's numbers.
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

CAPACITY, SCALE, SHAPE = 100, 45, 3


def instances(items: int, count: int, seed: int) -> dict[str, dict[str, Any]]:
    """Return instances by name, as the problem's files have them."""
    made = {
        f"weibull_{items}_{number}": _items(random.Random(f"weibull|{seed}|{items}|{number}"), items)
        for number in range(count)
    }
    bounds = {name: -(-sum(each) // CAPACITY) for name, each in made.items()}
    mean = sum(bounds.values()) / count
    return {
        name: {"capacity": CAPACITY, "items": each, "lower_bound": bounds[name], "mean_lower_bound": mean}
        for name, each in made.items()
    }


def _items(chance: random.Random, count: int) -> list[int]:
    return [min(100, max(1, round(chance.weibullvariate(SCALE, SHAPE)))) for _ in range(count)]


def main() -> None:
    """Print the instances that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("items", type=int, help="items of an instance: 5000, 10000, 100000, …")
    parser.add_argument("--instances", type=int, help="how many (default: 5, and 1 of 100,000 items or more)")
    parser.add_argument("--seed", type=int, default=0, help="seed (default: 0)")
    given = parser.parse_args()
    count = given.instances or (1 if given.items >= 100_000 else 5)
    print(json.dumps(instances(given.items, count, given.seed), separators=(",", ":")))


if __name__ == "__main__":
    main()
