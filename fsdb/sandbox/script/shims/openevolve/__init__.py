"""What evaluators in OpenEvolve's convention import."""
