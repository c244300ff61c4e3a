"""DREDge on action potentials in numpy and PyTorch, written from its formulas, to measure ours against.

Usage: dredge_torch.py FOLDER   (peak_sample_index_32khz.npy, peak_depth_um.npy, peak_amplitude_uv.npy; contacts -600 to 740 um)
Prints JSON: seconds per stage, and D [3, rows, T] of every 150th time bin as nested lists.
"""
import json
import sys
import time

import numpy as np
import torch
from scipy.ndimage import correlate1d

LOW, HIGH, DURATION, RATE = -600, 740, 1800, 32000
STEP, SCALE, MAX_DISP, MIN_CORR, HORIZON, BLOCK = 400.0, 450.0, 112, 0.1, 1000, 512
ROWS = list(range(0, DURATION, 150))


def raster(folder):
    load = lambda name: np.load(f"{folder}/{name}.npy")
    t = load("peak_sample_index_32khz") / RATE
    y, a = load("peak_depth_um"), np.abs(load("peak_amplitude_uv").astype(np.float64))
    edges = np.arange(DURATION + 1), np.arange(LOW, HIGH + 1)
    hist = np.histogram2d(t, y, bins=edges, weights=a)[0]
    taps = np.exp(-0.5 * np.arange(-4, 5) ** 2)
    taps /= taps.sum()
    for axis in (1, 0):
        hist = correlate1d(hist, taps, axis=axis, mode="constant")
    return hist


def windows():
    low, high = LOW + SCALE / 2, HIGH - SCALE / 2
    n = int((high - low) // STEP)
    centres = low + ((high - low) % STEP) / 2 + STEP * np.arange(n + 1)
    depth = np.arange(LOW, HIGH) + 0.5
    w = np.exp(-0.5 * ((depth - centres[:, None]) / SCALE) ** 2)
    w[w < 1e-5] = 0
    return w / w.sum(1, keepdims=True)


def near(i, j):
    return max(0, i - min(j + BLOCK, DURATION) + 1, j - min(i + BLOCK, DURATION) + 1) <= HORIZON


def correlate(r, w):
    """C and D of all pairs under one window: one product of matrices per lag and pair of blocks."""
    n_times, n_depths = r.shape
    support = np.flatnonzero(w)
    s0, s1 = support[0], support[-1] + 1
    low, high = max(0, s0 - MAX_DISP), min(n_depths, s1 + MAX_DISP)
    pad = max(low - (s0 - MAX_DISP), s1 + MAX_DISP - high)
    n_left, n_right = pad + s0 - low, pad + high - s1
    frame = torch.zeros(n_times, high - low + 2 * pad)
    frame[:, pad : pad + high - low] = torch.from_numpy(r[:, low:high])
    inside = torch.zeros(frame.shape[1])
    inside[pad : pad + high - low] = 1
    a, weight = torch.from_numpy(r[:, s0:s1].copy()), torch.from_numpy(w[s0:s1].astype(np.float32))
    wa, wa2, n = a * weight, a * a * weight, s1 - s0
    best = torch.full((n_times, n_times), -torch.inf)
    where = torch.zeros((n_times, n_times), dtype=torch.int16)
    blocks = range(0, n_times, BLOCK)
    for lag in range(n_left + n_right + 1):
        q, x = inside[lag : lag + n], frame[:, lag : lag + n]
        total = (q * weight).sum()
        ei, vi = wa @ q / total, wa2 @ q / total
        ej, vj = x @ weight / total, (x * x) @ weight / total
        vi, vj = vi - ei * ei, vj - ej * ej
        si, sj = torch.where(vi > 0, vi, 1.0).rsqrt(), torch.where(vj > 0, vj, 1.0).rsqrt()
        for i in blocks:
            for j in blocks:
                if not near(i, j):
                    continue
                rows, columns = slice(i, i + BLOCK), slice(j, j + BLOCK)
                c = wa[rows] @ x[columns].T / total - ei[rows, None] * ej[columns]
                c *= si[rows, None] * sj[columns]
                better = c > best[rows, columns]
                best[rows, columns] = torch.where(better, c, best[rows, columns])
                where[rows, columns] = where[rows, columns].masked_fill(better, lag)
    return torch.where(best == -torch.inf, 0.0, best), (n_left - where) * (best != -torch.inf)


def solve(d, u):
    """[B, T] by elimination of one window after the other in float64."""
    n_windows, n = d.shape[:2]
    chain = torch.diag(torch.ones(n, dtype=torch.float64)) - 0.5 * (
        torch.diag(torch.ones(n - 1, dtype=torch.float64), 1) + torch.diag(torch.ones(n - 1, dtype=torch.float64), -1)
    )
    chain[0, 0] = chain[-1, -1] = 0.5
    follow, ys = [], []
    for b in range(n_windows):
        ub, db = u[b].double(), d[b].double()
        v = ub + ub.T
        used = (ub > 0).any(1).double()
        share = 0.5 if b in (0, n_windows - 1) else 1.0
        m = torch.diag(v.sum(1) + 2e-3 * used) - v + (1 + share) * chain
        y = (ub * db).sum(1) - (ub * db).sum(0)
        if b > 0:
            m = m + 0.5 * chain @ follow[-1]
            y = y + 0.5 * chain @ ys[-1]
        factor = torch.linalg.cholesky(m)
        ys.append(torch.cholesky_solve(y[:, None], factor)[:, 0])
        follow.append(torch.cholesky_solve(-0.5 * chain, factor))
    for b in range(n_windows - 2, -1, -1):
        ys[b] = ys[b] - follow[b] @ ys[b + 1]
    return torch.stack(ys)


def main(folder):
    clock = [(time.perf_counter(), time.process_time())]
    tick = lambda: clock.append((time.perf_counter(), time.process_time()))
    r64 = raster(folder)
    w = windows()
    tick()
    pairs = [correlate(r64.astype(np.float32), wb) for wb in w]
    tick()
    c, d = torch.stack([p[0] for p in pairs]), torch.stack([p[1] for p in pairs])
    apart = (torch.arange(DURATION)[:, None] - torch.arange(DURATION)).abs()
    s = torch.where((c >= MIN_CORR) & (apart <= HORIZON), c * c, 0.0)
    hot = torch.from_numpy(w @ r64.T >= 0.2)
    u = s * (hot[:, :, None] & hot[:, None, :])
    motion = solve(d, u)
    tick()
    spent = lambda k, i: clock[i + 1][k] - clock[i][k]
    print(
        json.dumps(
            {
                "torch": torch.__version__,
                "threads": torch.get_num_threads(),
                "seconds": [spent(0, i) for i in range(3)],
                "cpuSeconds": [spent(1, i) for i in range(3)],
                "rows": ROWS,
                "displacementUm": d[:, ROWS].flatten().tolist(),
                "motionUm": motion.T.flatten().tolist(),
            }
        )
    )


main(sys.argv[1])
