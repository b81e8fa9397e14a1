"""Mutants of the engine: one comparison flipped at a time, judged by the tests."""
