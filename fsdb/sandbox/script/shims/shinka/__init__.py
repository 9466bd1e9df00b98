"""What evaluators in ShinkaEvolve's convention import."""
