"""Small programs that train networks of images, written for PyTorch and Rushlight alike."""

import numpy as np

STEPS = 20


def images(torch, n=8, channels=1, size=12):
    """A batch of random images and classes, the same in both libraries."""
    rng = np.random.RandomState(3)
    x = torch.tensor(rng.uniform(-1, 1, (n, channels, size, size)).astype(np.float32))
    return x, torch.tensor(rng.randint(0, 4, n))


def lenet(torch):
    nn = torch.nn
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 8, 3), nn.Tanh(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(32, 16), nn.Dropout(0.2), nn.ReLU(), nn.Linear(16, 4),
    )  # fmt: skip


def resnet(torch):
    nn = torch.nn

    class Block(nn.Module):
        def __init__(self, channels, out, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(channels, out, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(out)
            self.conv2 = nn.Conv2d(out, out, 3, padding=1, groups=2, bias=False)
            self.bn2 = nn.BatchNorm2d(out)
            self.shortcut = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.GroupNorm(2, out))

        def forward(self, x):
            y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
            return torch.relu(y + self.shortcut(x))

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.stem = nn.Conv2d(1, 4, 3, padding=1, padding_mode="reflect")
            self.blocks = nn.Sequential(Block(4, 6, 1), nn.Dropout2d(0.1), Block(6, 8, 2))
            self.head = nn.Linear(8, 4)

        def forward(self, x):
            return self.head(torch.flatten(nn.functional.adaptive_avg_pool2d(self.blocks(self.stem(x)), 1), 1))

    return Net()


def autoencoder(torch):
    nn = torch.nn
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(4), nn.LeakyReLU(0.1),
        nn.ConvTranspose2d(4, 4, 2, stride=2), nn.ELU(),
        nn.Conv2d(4, 4, 3, padding="same"), nn.PixelShuffle(2), nn.AvgPool2d(2), nn.Upsample(scale_factor=2),
        nn.Conv2d(1, 1, 3, padding=1), nn.MaxPool2d(2), nn.Sigmoid(),
    )  # fmt: skip


PROGRAMS = {
    "lenet": (lenet, lambda torch, p: torch.optim.SGD(p, lr=0.1, momentum=0.9)),
    "resnet": (resnet, lambda torch, p: torch.optim.Adam(p, lr=0.01)),
    "autoencoder": (autoencoder, lambda torch, p: torch.optim.AdamW(p, lr=0.01)),
}


def train(torch, name):
    """The losses of some steps, then the trained network and what it says of its images in evaluation."""
    make, optimizer_of = PROGRAMS[name]
    torch.manual_seed(0)
    net = make(torch)
    optimizer = optimizer_of(torch, net.parameters())
    x, classes = images(torch)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        out = net(x)
        loss = (
            torch.nn.functional.cross_entropy(out, classes)
            if out.dim() == 2
            else torch.nn.functional.mse_loss(out, x.abs())
        )
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, net, evaluated(torch, net)


def evaluated(torch, net):
    net.eval()
    with torch.no_grad():
        return net(images(torch)[0])
