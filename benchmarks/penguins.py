"""The network of the backpropagation chapter, trained by PyTorch from the same start.

``python -m benchmarks.record`` needs PyTorch for it and writes ``actgrad/data/penguins.json``:
the gradients of the first step, the loss after each epoch and the labels for the test set.
Weights, data and the order of the examples are drawn as in the chapter.
"""

import csv
import datetime
import json

import numpy as np

from actgrad.activations import Tanh
from actgrad.layers import Dense, Sequential
from benchmarks import RECORDED

DATA = RECORDED / "penguins.csv"
RECORD = RECORDED / "penguins.json"
MEASURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
EPOCHS, BATCHES, RATE, SEED = 60, 9, 0.2, 7


def load():
    with DATA.open(encoding="utf-8", newline="") as file:
        birds = [row for row in csv.DictReader(file) if row["body_mass_g"] != "NA"]
    x = np.array([[float(bird[name]) for name in MEASURES] for bird in birds])
    species = sorted({bird["species"] for bird in birds})
    labels = np.array([species.index(bird["species"]) for bird in birds])
    test = np.arange(len(x)) % 5 == 0
    x = (x - x[~test].mean(axis=0)) / x[~test].std(axis=0)
    return x, labels, test


def train():
    import torch

    torch.set_default_dtype(torch.float64)
    x, labels, test = load()
    rng = np.random.default_rng(SEED)
    start = Sequential((Dense.random(4, 16, Tanh(), rng=rng), Dense.random(16, 3, rng=rng)))
    network = torch.nn.Sequential(
        torch.nn.Linear(4, 16), torch.nn.Tanh(), torch.nn.Linear(16, 3)
    )
    with torch.no_grad():
        for theirs, ours in zip((network[0], network[2]), start.layers, strict=True):
            theirs.weight.copy_(torch.from_numpy(ours.weights.T))
            theirs.bias.copy_(torch.from_numpy(ours.bias))
    inputs, targets = torch.from_numpy(x), torch.from_numpy(labels)
    training = np.flatnonzero(~test)
    cross_entropy = torch.nn.CrossEntropyLoss()
    optimiser = torch.optim.SGD(network.parameters(), lr=RATE)

    losses, first = [], None
    for _ in range(EPOCHS):
        for batch in np.array_split(rng.permutation(training), BATCHES):
            optimiser.zero_grad()
            cross_entropy(network(inputs[batch]), targets[batch]).backward()
            if first is None:
                first = [layer.weight.grad.T.tolist() for layer in (network[0], network[2])]
            optimiser.step()
        with torch.no_grad():
            losses.append(cross_entropy(network(inputs[training]), targets[training]).item())
    with torch.no_grad():
        found = network(inputs[test]).argmax(dim=1)
    return {
        "library": "torch",
        "version": torch.__version__,
        "numpy": np.__version__,
        "date": datetime.date.today().isoformat(),
        "losses": losses,
        "first_gradients": first,
        "test_labels": found.tolist(),
    }


def record():
    """Train where PyTorch is installed and write what the book reads."""
    try:
        content = train()
    except ImportError:
        print("penguins: torch is not installed; its record stays as it is")
        return
    RECORD.write_text(json.dumps(content, indent=1) + "\n")
    print(f"penguins: torch {content['version']} written")
