/** What the real files beside the checkout are, by their owners: every number here was known before they were opened. */

export interface Facts {
  format: string;
  durationSec: number;
  rateHz?: number;
  /** neural channels */
  nChannels?: number;
  nSamples?: number;
  nSegments?: number;
  /** where it is the same for all channels */
  uvPerBit?: number;
  nSpikes?: number;
  nUnits?: number;
  nTimeBins?: number;
  nShanks?: number;
  /** 0 where their places are not known */
  nContacts?: number;
}

interface Sample {
  /** below the folder of samples */
  path: string;
  sets: readonly Facts[];
  /** what must be said of it */
  warnings: readonly RegExp[];
  /** the same, or the sentence, when all files and folders have other names; and without extensions as well */
  renamed: "same" | RegExp;
  bare: "same" | RegExp;
}

const sec = (nSamples: number, rateHz: number) => Number((nSamples / rateHz).toPrecision(6));
const NP1 = { nShanks: 1, nContacts: 384, nChannels: 384, uvPerBit: 2.34375 };
const recorded = (rateHz: number, nSamples: number) => ({
  rateHz,
  nSamples,
  nSegments: 1,
  durationSec: sec(nSamples, rateHz),
});
const noise = { ...NP1, ...recorded(30000, 1155) };
/** a description without its binary */
const described = (rateHz: number, facts: Partial<Facts> = {}): Facts => ({
  ...NP1,
  format: "spikeglx",
  ...recorded(rateHz, 0),
  ...facts,
});
const NP2 = { uvPerBit: 0.76293945 };
const isArrays = /^Expected arrays whose names say what they are: peak_times\.npy, peak_depths\.npy and/;
const isHeaderless =
  /expected a description of this headerless binary beside it, found none; answer the form on the page/;
const isNothing = /^Expected one of these formats: .*; found \d+ files: /;

export const SAMPLES: readonly Sample[] = [
  {
    path: "spikeglx/np_ultra_NP1100",
    sets: [{ ...NP1, format: "spikeglx", ...recorded(30000, 5000) }],
    warnings: [],
    renamed: "same",
    bare: "same",
  },
  {
    path: "spikeglx/np2_NP2013_with_sync",
    sets: [{ ...NP1, format: "spikeglx", ...recorded(30000, 1000), nShanks: 4, uvPerBit: 3.0273438 }],
    warnings: [/is cut short: expected 186155200 bytes .* found 770000; read as 1000 samples/],
    renamed: "same",
    bare: "same",
  },
  {
    path: "spikeglx/np1_Noise4Sam",
    sets: [{ ...noise, format: "spikeglx" }],
    warnings: [/is cut short: expected 121625350 bytes .* found 889350; read as 1155 samples/],
    renamed: "same",
    bare: "same",
  },
  {
    path: "spikeglx/np1_two_probes_two_triggers",
    sets: [
      { ...NP1, format: "spikeglx", rateHz: 30000.061088, nSamples: 600, nSegments: 2, durationSec: 0.0199666 },
      { ...NP1, format: "spikeglx", rateHz: 29999.762343, nSamples: 598, nSegments: 2, durationSec: 0.0199335 },
    ],
    warnings: [],
    renamed: "same",
    // two binaries of one size in a folder, and no name in common with a description: nothing tells them apart
    bare: /expected the binary it describes \(231000 bytes\) beside it, found none/,
  },
  {
    path: "spikeglx/np1_catgt",
    sets: [{ ...NP1, format: "spikeglx", ...recorded(30000.061088, 599) }],
    warnings: [/CatGT has aligned the channels in time already/],
    renamed: "same",
    bare: "same",
  },
  {
    path: "spikeglx/meta_only",
    sets: [
      described(30000),
      described(30000, { nChannels: 151, nContacts: 151 }),
      described(30000, { nChannels: 120, nContacts: 120, nShanks: 4, uvPerBit: 3.0273438 }),
      described(30000, { ...NP2, nShanks: 4 }),
      described(29999.941586),
      described(30000.149579831934),
      described(2500.0325532900833, { uvPerBit: 4.6875 }),
      described(30000, NP2),
      described(30000),
      described(30000),
    ].map((one) => ({ ...one, rateHz: Number(one.rateHz?.toPrecision(11)) })),
    warnings: [/expected the binary it describes \(378673680 bytes\) beside it, found none/],
    renamed: "same",
    bare: "same",
  },
  {
    path: "mtscomp",
    sets: [{ ...noise, format: "mtscomp" }],
    warnings: [/is cut short: expected 121625350 bytes/],
    renamed: "same",
    bare: "same",
  },
  {
    path: "openephys/NP1300_opto_with_sync",
    sets: [{ ...NP1, format: "openephys", ...recorded(30000, 1000), uvPerBit: 0.19499999 }],
    warnings: [],
    renamed: "same",
    bare: "same",
  },
  {
    // the part numbers in settings.xml say which is which; upstream's folder names say it the other way round
    path: "openephys/headers_only",
    sets: [
      { ...NP1, format: "openephys", ...recorded(30000, 0), nShanks: 4, uvPerBit: 0.19499999 },
      { ...NP1, format: "openephys", ...recorded(30000, 0), uvPerBit: 0.19499999 },
      { ...NP1, format: "openephys", ...recorded(2500, 0), uvPerBit: 0.19499999 },
    ],
    warnings: [/expected the binary it describes .* below it, found none/],
    renamed: "same",
    bare: "same",
  },
  {
    path: "kilosort4_ZFM-02370_mini",
    sets: [
      { format: "kilosort", nSpikes: 290360, nUnits: 403, durationSec: 89.9994, nShanks: 1, nContacts: 383 },
      { format: "kilosort-drift", nTimeBins: 45, durationSec: 89 },
    ],
    warnings: [/the raw file it names .* is not among what was opened/],
    renamed: /expected the arrays of Kilosort or phy beside it under their own names, at least spike_times\.npy/,
    bare: /expected the arrays of Kilosort or phy beside it under their own names, at least spike_times\.npy/,
  },
  {
    path: "phy_kilosort25_32ch",
    sets: [{ format: "kilosort", nSpikes: 788, nUnits: 13, durationSec: 9.99853, nShanks: 1, nContacts: 32 }],
    warnings: [/the raw file it names .* is not among what was opened/],
    renamed: /expected the arrays of Kilosort or phy beside it under their own names, at least spike_times\.npy/,
    bare: /expected the arrays of Kilosort or phy beside it under their own names, at least spike_times\.npy/,
  },
  {
    path: "medicine_peaks",
    sets: [{ format: "medicine-peaks", nSpikes: 373386, durationSec: 1799.99 }],
    warnings: [],
    renamed: isArrays,
    bare: isNothing,
  },
  {
    path: "spikeinterface_binary_folder",
    sets: [
      {
        format: "spikeinterface-binary",
        ...recorded(30000, 1500),
        nChannels: 16,
        uvPerBit: 1,
        nShanks: 1,
        nContacts: 16,
      },
    ],
    warnings: [],
    renamed: "same",
    bare: isHeaderless,
  },
  {
    path: "spikeinterface_zarr",
    sets: [{ ...NP1, format: "spikeinterface-zarr", ...recorded(30000, 1000), nShanks: 4, uvPerBit: 3.0273438 }],
    warnings: [],
    renamed: isHeaderless,
    bare: isHeaderless,
  },
  {
    path: "nwb",
    sets: [
      { format: "nwb", ...recorded(20000, 50), nChannels: 4, uvPerBit: 1e6, nShanks: 1, nContacts: 0 },
      { format: "nwb", ...recorded(200, 50), nChannels: 4, uvPerBit: 1e6, nShanks: 1, nContacts: 0 },
    ],
    warnings: [/expected one electrode for each of 4 channels, found 12/, /expected a depth of spikes or of units/],
    renamed: "same",
    bare: "same",
  },
  {
    path: "ibl_alf_derived",
    sets: [{ format: "ibl-alf", nSpikes: 9263, nUnits: 383, durationSec: 3.99963, nShanks: 1, nContacts: 383 }],
    warnings: [],
    renamed: isArrays,
    bare: isNothing,
  },
];

export const CANNOT: readonly { path: string; sentence: RegExp }[] = [
  {
    path: "probeinterface",
    sentence: /NP1100\.json says where the sites of a probe lie: expected a recording or spikes/,
  },
];
