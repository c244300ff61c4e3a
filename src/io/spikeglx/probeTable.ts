/**
 * Facts about Neuropixels probes, by part number. From the makers' data sheets as collected in billkarsh/ProbeTable (also in
 * SpikeInterface/probeinterface, neuropixels_probe_features.json, table version 1.6).
 */
export interface ProbeFacts {
  model: string;
  nShanks: number;
  /** µm from one shank's left edge to the next one's */
  shankPitchUm: number;
  nCols: number;
  /** µm between columns and between rows */
  pitchXUm: number;
  pitchYUm: number;
  /** µm from the left edge of the shank to its first column, in even and in odd rows */
  evenRowXUm: number;
  oddRowXUm: number;
  adcBits: 10 | 12 | 14;
  /** channels that share one converter, neighbours in pairs; 0 when they are wired otherwise */
  channelsPerAdc: 12 | 16 | 0;
  /** AP gain: a number where the chip has only one, else where the ~imroTbl says it */
  gain: number | "entries" | "header";
  /** what an entry of ~imroTbl says of the site: bank and channel, its electrode, shank and electrode, or a group */
  imro: "bank" | "electrode" | "shankElectrode" | "group";
  /** channels read out at once, which is the size of a bank */
  nReadout: number;
  /** channel wired to the reference on the shank; −1 for none */
  refChannel: number;
}

const np1: ProbeFacts = {
  model: "Neuropixels 1.0",
  nShanks: 1,
  shankPitchUm: 0,
  nCols: 2,
  pitchXUm: 32,
  pitchYUm: 20,
  evenRowXUm: 27,
  oddRowXUm: 11,
  adcBits: 10,
  channelsPerAdc: 12,
  gain: "entries",
  imro: "bank",
  nReadout: 384,
  refChannel: 191,
};
const linear: ProbeFacts = { ...np1, oddRowXUm: 27 };
const nhpStaggered: ProbeFacts = { ...np1, pitchXUm: 87 };
const nhpLinear: ProbeFacts = { ...np1, pitchXUm: 103, evenRowXUm: 11, oddRowXUm: 11 };
const ultra: ProbeFacts = { ...np1, pitchXUm: 6, pitchYUm: 6, nCols: 8, evenRowXUm: 14, oddRowXUm: 14, refChannel: -1 };
const passive: ProbeFacts = {
  ...np1,
  pitchYUm: 31,
  evenRowXUm: 56.5,
  oddRowXUm: 36.5,
  channelsPerAdc: 0,
  nReadout: 128,
  refChannel: -1,
};
const np2: ProbeFacts = {
  ...linear,
  model: "Neuropixels 2.0, 1 shank",
  pitchYUm: 15,
  adcBits: 12,
  channelsPerAdc: 16,
  gain: 100,
  imro: "electrode",
  refChannel: -1,
};
const np2Multi: ProbeFacts = {
  ...np2,
  model: "Neuropixels 2.0, 4 shanks",
  nShanks: 4,
  shankPitchUm: 250,
  imro: "shankElectrode",
};
const np2Old: ProbeFacts = {
  ...np2,
  model: "Neuropixels 2.0 prototype, 1 shank",
  adcBits: 14,
  gain: 80,
  refChannel: 127,
};
const np2OldMulti: ProbeFacts = {
  ...np2Multi,
  model: "Neuropixels 2.0 prototype, 4 shanks",
  adcBits: 14,
  gain: 80,
  refChannel: 127,
};
const ultraAt = (model: string, nCols: number, pitchXUm: number, pitchYUm: number, xUm: number): ProbeFacts => ({
  ...ultra,
  model,
  nCols,
  pitchXUm,
  pitchYUm,
  evenRowXUm: xUm,
  oddRowXUm: xUm,
});

/** Part numbers that share their facts, one row each. */
const rows: readonly [partNumbers: string, facts: ProbeFacts][] = [
  ["NP1000 NP1001 PRB_1_2_0480_2 PRB_1_4_0480_1 PRB_1_4_0480_1_C", np1],
  ["NP1010 NP1011 NP1012 NP1013 NP1014", { ...np1, model: "Neuropixels 1.0 NHP short, staggered" }],
  ["NP1015 NP1016 NP1017", { ...linear, model: "Neuropixels 1.0 NHP short, linear" }],
  ["NP1020 NP1021", { ...nhpStaggered, model: "Neuropixels 1.0 NHP medium, staggered" }],
  ["NP1022", { ...nhpLinear, model: "Neuropixels 1.0 NHP medium, linear" }],
  ["NP1030 NP1031", { ...nhpStaggered, model: "Neuropixels 1.0 NHP long, staggered" }],
  ["NP1032 NP1033", { ...nhpLinear, model: "Neuropixels 1.0 NHP long, linear" }],
  ["NP1040 NP1041 NP1042 NP1050 NP1051", { ...nhpLinear, model: "Neuropixels 1.0 NHP extra long, linear" }],
  ["NP1100", { ...ultra, model: "Neuropixels Ultra, phase 1" }],
  [
    "NP1110",
    { ...ultra, model: "Neuropixels Ultra, phase 2", evenRowXUm: 15.5, oddRowXUm: 15.5, gain: "header", imro: "group" },
  ],
  ["NP1120", ultraAt("Neuropixels Ultra, phase 3, 2 × 192", 2, 4.5, 4.5, 6.75)],
  ["NP1121", ultraAt("Neuropixels Ultra, phase 3, 1 × 384", 1, 0, 3, 6.25)],
  ["NP1122", ultraAt("Neuropixels Ultra, phase 3, 16 × 24", 16, 3, 3, 12.5)],
  ["NP1123", ultraAt("Neuropixels Ultra, phase 3, 12 × 32", 12, 4.5, 4.5, 10.25)],
  ["NP1200 NP1210", { ...passive, model: "Neuropixels NHP passive, 128 channels" }],
  ["NP1300", { ...np1, model: "Neuropixels Opto", pitchXUm: 48, evenRowXUm: 11, oddRowXUm: 11 }],
  ["NP2000 PRB2_1_2_0640_0", np2Old],
  ["NP2003 NP2004", np2],
  ["NP2005", { ...np2, model: "Neuropixels 2.0 NHP short, linear" }],
  ["NP2006", { ...np2, model: "Neuropixels 2.0 NHP short, staggered", oddRowXUm: 11 }],
  ["NP2010 PRB2_4_2_0640_0", np2OldMulti],
  ["NP2013 NP2014", np2Multi],
  ["NP2020 NP2021", { ...np2Multi, model: "Neuropixels 2.0 Quad Base", nReadout: 1536 }],
  [
    "NP3000",
    {
      ...passive,
      model: "Neuropixels NXT passive, 128 channels",
      nCols: 1,
      pitchXUm: 0,
      pitchYUm: 15,
      evenRowXUm: 59,
      oddRowXUm: 59,
    },
  ],
  ["NP3010 NP3011", { ...np2, model: "Neuropixels NXT, 1 shank", nReadout: 1536 }],
  ["NP3020 NP3021 NP3022 NP3023 NP3024", { ...np2Multi, model: "Neuropixels NXT, 4 shanks", nReadout: 1536 }],
];

const byPartNumber = new Map(rows.flatMap(([names, facts]) => names.split(" ").map((name) => [name, facts] as const)));

/** Facts of a part number, as the file or the maker writes it; undefined for one that is not in the table. */
export function probeByPartNumber(partNumber: string): ProbeFacts | undefined {
  return byPartNumber.get(partNumber);
}

/** Every part number with its facts, in the order of the table. */
export function allProbes(): [partNumber: string, facts: ProbeFacts][] {
  return [...byPartNumber];
}

/** The part number that stands for a probe type (`imDatPrb_type`): 0, 21 and 24 are the first probes of their kind. */
export function partNumberOfType(type: number): string {
  const first: Record<number, string> = { 0: "NP1000", 21: "NP2000", 24: "NP2010" };
  return first[type] ?? `NP${type}`;
}

/** Phase 3A, before probes had part numbers: laid out as Neuropixels 1.0. */
export function phase3a(option: number): ProbeFacts {
  return { ...np1, model: `Neuropixels Phase 3A, option ${option}` };
}
