/** Small SpikeGLX recordings, made up here: a description and a binary whose values say where they lie. */

export type MetaKeys = Record<string, string | number | undefined>;

const utf8 = (text: string) => new TextEncoder().encode(text);

/** A description of `n` neural channels of Neuropixels 1.0 with one sync word; a key set to undefined is left out. */
export function metaText(changes: MetaKeys = {}, n = 4): string {
  const each = (entry: (i: number) => string) => Array.from({ length: n }, (_, i) => entry(i)).join("");
  const keys: MetaKeys = {
    acqApLfSy: `${n},${n},1`,
    fileName: "D:/data/run_g0/run_g0_imec0/run_g0_t0.imec0.ap.bin",
    fileSizeBytes: 10 * 2 * (n + 1),
    firstSample: 3000,
    imAiRangeMax: 0.6,
    imDatPrb_pn: "NP1000",
    imDatPrb_sn: 18005116811,
    imDatPrb_type: 0,
    imSampRate: 30000.061088,
    nSavedChans: n + 1,
    snsApLfSy: `${n},0,1`,
    snsSaveChanSubset: `0:${n - 1},${2 * n}`,
    typeThis: "imec",
    userNotes: "depth=3 mm, µ",
    "~imroTbl": `(0,${n})${each((i) => `(${i} 0 0 500 250 1)`)}`,
    "~snsShankMap": `(1,2,480)${each((i) => `(0:${i % 2}:${i >> 1}:${i === 2 ? 0 : 1})`)}`,
    ...changes,
  };
  return `${Object.entries(keys)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))
    .join("\r\n")}\r\n`;
}

export const metaBytes = (changes: MetaKeys = {}, n = 4) => utf8(metaText(changes, n));

/** int16 values, little-endian: 1000 · sample + channel. */
export function binaryBytes(nSamples = 10, nSaved = 5): Uint8Array {
  const bytes = new Uint8Array(2 * nSamples * nSaved);
  const view = new DataView(bytes.buffer);
  for (let s = 0; s < nSamples; s++) {
    for (let c = 0; c < nSaved; c++) view.setInt16(2 * (s * nSaved + c), 1000 * s + c - 2000, true);
  }
  return bytes;
}

/** A description and its binary under one stem. */
export function recordingFiles(stem = "run_g0_t0.imec0.ap", changes: MetaKeys = {}): Record<string, Uint8Array> {
  return { [`${stem}.meta`]: metaBytes(changes), [`${stem}.bin`]: binaryBytes() };
}

const CHANNELS = 24;
const MUX = "(2,12)(0 1)(2 3)(4 5)(6 7)(8 9)(10 11)(12 13)(14 15)(16 17)(18 19)(20 21)(22 23)";

/** One description of each kind that real recordings have: with a table of positions, a subset, low frequencies, CatGT's. */
export function metaKinds(): Uint8Array[] {
  const n = CHANNELS;
  const geom = Array.from({ length: n }, (_, i) => `(${i % 4}:27:${15 * i}:1)`).join("");
  const four = { "~muxTbl": MUX, "~snsGeomMap": `(NP2013,4,250,70)${geom}` };
  const subset = { snsApLfSy: "4,0,1", nSavedChans: 5, snsSaveChanSubset: "0:1,7,20,48" };
  const unnamed = { imDatPrb_pn: undefined, imDatPrb_type: undefined, imProbeOpt: 3 };
  return [
    metaBytes({}, n),
    metaBytes({ ...four, imDatPrb_pn: "NP2013", imMaxInt: 2048, imChan0apGain: 100 }, n),
    metaBytes({ ...subset, "~snsShankMap": undefined }, n),
    metaBytes({ snsApLfSy: `0,${n},1`, snsSaveChanSubset: `${n}:${2 * n}`, imSampRate: 2500 }, n),
    metaBytes({ ...unnamed, catGTCmdline0: "<CatGT -ap -gblcar>" }, n),
  ];
}
