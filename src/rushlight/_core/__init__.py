"""The tensor, its history and the rules of dispatch; imports NumPy and nothing of Rushlight above it."""
