/**
 * The scoreboard that evarol/spikeLocalizationNetwork states in docs/scoreboard.csv, as published: one Neuropixels 1.0 session
 * (2,475,738 spikes, 1958 bins of 1 s), soft histogram of 4 µm, σ 4 µm. Facts to compare with in kind, not in number: ρ̄ and H̄
 * depend on recording, grid and spikes per bin.
 */
export interface PublishedScore {
  method: string;
  rho: number;
  entropyNats: number;
  /** ρ̄ minus that of monopolar positions corrected by DREDge */
  deltaRhoVsMpDredge: number;
  /** Pearson correlation with monopolar positions corrected by DREDge */
  xGlobal: number;
  xLocal: number;
  yGlobal: number;
  yLocal: number;
  z: number;
  note: string;
}

export const PUBLISHED_SOURCE = "evarol/spikeLocalizationNetwork docs/scoreboard.csv";

/** To be shown wherever the table is. */
export const PUBLISHED_WARNING =
  "The first row cannot be compared with the others: its H̄ is one that only the authors' hard 8 µm histogram can give, so its ρ̄ and its difference are of another grid.";

type Row = [method: string, ...numbers: [...Numbers], note: string];
type Numbers = [number, number, number, number, number, number, number, number];

const rows: readonly Row[] = [
  ["MP raw, no motion correction", 0.267, 6.27, -0.301, 1, 1, 1, 1, 1, "another grid"],
  ["MP + DREDge", 0.568, 8.25, 0, 1, 1, 1, 1, 1, "baseline"],
  ["CNN, 500,000 spikes, epoch 20", 0.528, 8.06, -0.04, -0.003, -0.05, 0.9997, 0.47, 0.096, ""],
  ["CNN, all spikes, epoch 10", 0.649, 8.16, 0.081, 0.926, 0.922, 0.9999, 0.896, 0.608, "stopped at 10 of 20"],
  ["CNN, all spikes, epoch 20", 0.663, 8.14, 0.095, 0.924, 0.92, 0.9999, 0.893, 0.573, "resumed at epoch 10"],
  ["CNN, all spikes, epoch 20, DREDge again", 0.641, 8.14, 0.073, 0.924, 0.92, 0.9999, 0.908, 0.573, ""],
  ["Transformer, 500,000 spikes, epoch 5", 0.571, 8.21, 0.003, 0.067, 0.026, 0.9996, 0.356, 0.132, ""],
  ["Transformer, all spikes, epoch 1", 0.633, 8.2, 0.066, 0.943, 0.939, 0.9999, 0.922, 0.875, ""],
  ["Transformer, all spikes, epoch 2", 0.641, 8.19, 0.073, 0.942, 0.939, 0.9999, 0.922, 0.877, ""],
];

export const PUBLISHED_SCORES: readonly PublishedScore[] = rows.map(
  ([method, rho, entropyNats, deltaRhoVsMpDredge, xGlobal, xLocal, yGlobal, yLocal, z, note]) => ({
    method,
    rho,
    entropyNats,
    deltaRhoVsMpDredge,
    xGlobal,
    xLocal,
    yGlobal,
    yLocal,
    z,
    note,
  }),
);
