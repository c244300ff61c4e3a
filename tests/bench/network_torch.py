"""The SLN's CNN in PyTorch, written from its definition: the yardstick of the benchmark, never part of the product.

Prints one JSON line: spikes per second on all cores, best of as many repeats as the second argument says: a training step
(batch statistics, dropout, Huber loss, AdamW), the same with running statistics, and inference.
"""
import json
import os
import sys
import time

import torch
from torch import nn

n_spikes, repeats = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3
torch.set_num_threads(os.cpu_count() or 1)
torch.manual_seed(0)


def block(n_in, n_out, taps, *pool):
    return [nn.Conv1d(n_in, n_out, taps, padding=taps // 2), nn.BatchNorm1d(n_out), nn.GELU(), *pool]


features = nn.Sequential(
    *block(10, 32, 5, nn.MaxPool1d(2)), *block(32, 64, 5, nn.MaxPool1d(2)), *block(64, 64, 3)
)
head = [nn.Linear(1408, 256), nn.GELU(), nn.Dropout(0.1), nn.Linear(256, 64), nn.GELU(), nn.Dropout(0.1), nn.Linear(64, 3)]
network = nn.Sequential(features, nn.Flatten(), *head)
optimizer = torch.optim.AdamW(network.parameters(), lr=5e-4, weight_decay=1e-4)
waveforms, target = torch.randn(n_spikes, 10, 90), 8 * torch.randn(n_spikes, 3)


def step(batch_statistics):
    network.train()
    features.train(batch_statistics)
    optimizer.zero_grad()
    nn.functional.smooth_l1_loss(network(waveforms), target, beta=5.0).backward()
    optimizer.step()


def output():
    network.eval()
    with torch.no_grad():
        network(waveforms)


def rate(run):
    run()
    elapsed = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        elapsed.append(time.perf_counter() - start)
    return n_spikes / min(elapsed)


rates = {"step": rate(lambda: step(True)), "frozenStep": rate(lambda: step(False)), "output": rate(output)}
print(json.dumps({**rates, "threads": torch.get_num_threads(), "torch": torch.__version__}))
