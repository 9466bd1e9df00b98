# -*- coding: latin-1 -*-
"""Größe."""
import funsearch


@funsearch.evolve
def grow(x):
    "né"; größe = x; return größe + x  # déjà


@funsearch.run
def evaluate(x):
    return grow(x)
