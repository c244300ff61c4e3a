"""The SLN's transformer in PyTorch, written from its definition: the yardstick of the benchmark, never part of the product.

Prints one JSON line: spikes per second on all cores, a training step (dropout, Huber, AdamW) and inference; best of 3.
"""
import json
import os
import sys
import time

import torch
from torch import nn

n_spikes = int(sys.argv[1])
torch.set_num_threads(os.cpu_count() or 1)
torch.manual_seed(0)


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.token_proj = nn.Linear(90, 128)
        self.row_embed, self.col_embed = nn.Embedding(5, 128), nn.Embedding(2, 128)
        layer = nn.TransformerEncoderLayer(128, 8, 256, 0.1, activation="gelu", batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 4)
        self.centroid_mlp = nn.Sequential(nn.Linear(2, 64), nn.GELU(), nn.Linear(64, 64))
        self.head = nn.Sequential(
            nn.Linear(192, 128), nn.GELU(), nn.Linear(128, 64), nn.GELU(), nn.Linear(64, 3)
        )

    def forward(self, waveforms, centroids):
        slot = torch.arange(10)
        x = self.token_proj(waveforms) + self.row_embed(slot // 2) + self.col_embed(slot % 2)
        return self.head(torch.cat([self.encoder(x).mean(1), self.centroid_mlp(centroids)], 1))


network = Transformer()
optimizer = torch.optim.AdamW(network.parameters(), lr=5e-4, weight_decay=1e-4)
waveforms, centroids = torch.randn(n_spikes, 10, 90), torch.randn(n_spikes, 2)
target = 20 * torch.randn(n_spikes, 3)


def step():
    network.train()
    optimizer.zero_grad()
    nn.functional.smooth_l1_loss(network(waveforms, centroids), target, beta=5.0).backward()
    optimizer.step()


def output():
    network.eval()
    with torch.no_grad():
        network(waveforms, centroids)


def rate(run):
    run()
    elapsed = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        elapsed.append(time.perf_counter() - start)
    return n_spikes / min(elapsed)


rates = {"step": rate(step), "output": rate(output)}
print(json.dumps({**rates, "threads": torch.get_num_threads(), "torch": torch.__version__}))
