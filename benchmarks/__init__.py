"""What is measured beside PyTorch; the tests run some of it too."""
