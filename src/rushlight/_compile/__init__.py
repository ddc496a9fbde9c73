"""Compiling functions of tensors: tracing, the graph, passes over it, plans to run it."""
