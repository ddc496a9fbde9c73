"""PyTorch's CPU random streams in NumPy: the engine, the distributions over it, and generators.

`generator` is light and loaded with Rushlight; `stream` and what is below it load with the first draw.
"""
