"""MEDiCINe's step in PyTorch, written from its definition: the yardstick of the benchmark, never part of the product.

Prints one JSON line: median milliseconds per step on all cores.
"""
import json
import os
import sys
import time

import torch

batch, steps, n_times = 4096, int(sys.argv[1]), 1800
torch.set_num_threads(os.cpu_count() or 1)
torch.manual_seed(0)
frequencies = torch.tensor([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
network = torch.nn.Sequential(
    torch.nn.Linear(14, 256), torch.nn.ReLU(), torch.nn.Linear(256, 256), torch.nn.ReLU(), torch.nn.Linear(256, 1)
)
table = torch.zeros(2, n_times, requires_grad=True)
half = torch.clamp(1 - torch.arange(-14, 15).abs() / 15.0, min=0)
kernel = (half / half.sum())[None, None]
edges = torch.nn.functional.conv1d(torch.ones(1, 1, n_times), kernel, padding=14)
optimizer = torch.optim.Adam([table, *network.parameters()], lr=5e-4)
n_peaks = 373386
times = torch.randint(n_times, (n_peaks,))
depths, amps = torch.rand(n_peaks), torch.rand(n_peaks)


def step():
    real, fake = torch.randint(n_peaks, (batch,)), torch.randint(n_peaks, (batch,))
    bins = torch.cat([times[real], times[fake]])
    y = torch.cat([depths[real], -0.3 + 1.6 * torch.rand(batch)])
    a = torch.cat([amps[real], torch.rand(batch)])
    motion = 0.3 * torch.tanh(table)
    motion = torch.nn.functional.conv1d(motion[:, None], kernel, padding=14)[:, 0] / edges[0]
    motion = motion - motion.mean(1, keepdim=True).detach()
    weight = torch.relu(1.001 - (y[:, None] - torch.arange(2.0)[None]).abs())
    weight = weight / (1e-6 + weight.sum(1, keepdim=True))
    y = y + (weight * motion[:, bins].T).sum(1) + 0.1 * torch.randn(2 * batch)
    parts = [y[:, None], torch.sin(y[:, None] * frequencies), a[:, None], torch.sin(a[:, None] * frequencies)]
    p = torch.sigmoid(network(torch.cat(parts, 1)))[:, 0]
    loss = -torch.log(1e-4 + p[:batch]).mean() - torch.log(1e-4 + 1 - p[batch:]).mean()
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_([table, *network.parameters()], 1.0)
    optimizer.step()
    return float(loss)


for _ in range(5):
    step()
elapsed = []
for _ in range(steps):
    start = time.perf_counter()
    step()
    elapsed.append(1000 * (time.perf_counter() - start))
print(json.dumps({"ms": sorted(elapsed)[len(elapsed) // 2], "threads": torch.get_num_threads(), "torch": torch.__version__}))
