from torch import nn

net = nn.Linear(3, 2, bais=False)  # <- here
