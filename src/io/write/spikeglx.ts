import { AppError } from "../../core/errors.ts";
import type { Recording } from "../../core/types.ts";
import { type ProbeFacts, probeByPartNumber } from "../spikeglx/probeTable.ts";
import { textFile, type WrittenFile } from "./file.ts";

/** Channels a chip reads at once: a description lists them all, saved or not. */
const N_ACQUIRED = 384;
const FIRST_SAMPLE = 3000; // a run has been running for a moment before it is recorded
const LF_GAIN = 250;

/** Full range of each kind of converter by its bits, V and steps on either side of zero; 2.0 chips as recorded since 2023. */
const RANGE_V: Record<ProbeFacts["adcBits"], number> = { 10: 0.6, 12: 0.62, 14: 0.5 };

/** Channels per group of shared converters, converters, steps (UserManual of SpikeGLX, "~muxTbl"). */
const MUX: Record<ProbeFacts["adcBits"], { group: number; nAdcs: number; nSteps: number }> = {
  10: { group: 24, nAdcs: 32, nSteps: 12 },
  12: { group: 32, nAdcs: 24, nSteps: 16 },
  14: { group: 32, nAdcs: 24, nSteps: 16 },
};

/** Name of a segment's files without their extension: trigger `segment` of gate 0 of a run, probe 0. */
export function spikeglxStem(run: string, segment: number): string {
  return `${run}_g0_t${segment}.imec0.ap`;
}

/**
 * The description of one segment of an AP recording, as SpikeGLX writes it (UserManual, "Metadata"), so that its binary beside
 * it can be opened anywhere. Sites go into ~snsGeomMap; where they are sites of the probe also into ~snsShankMap and ~imroTbl.
 * Channels are the first ones of the probe. Throws AppError for a probe that is not in our table.
 */
export function spikeglxMetaFile(recording: Recording, segment: number, run: string): WrittenFile {
  const { rateHz, nChannels, nSavedChannels, sync, segments, probe } = recording;
  const facts = probeByPartNumber(probe.partNumber);
  if (!facts || facts.imro === "group" || nChannels > N_ACQUIRED) {
    throw new AppError(
      "bad-data",
      `Expected a recording of up to ${N_ACQUIRED} channels of a probe of our table to write for SpikeGLX, found ${nChannels} of "${probe.partNumber}".`,
      { partNumber: probe.partNumber, nChannels },
    );
  }
  const { nSamples, startSec } = segments[segment];
  const stem = spikeglxStem(run, segment);
  const nLf = facts.adcBits === 10 ? N_ACQUIRED : 0; // 1.0 chips split off a low band
  const values: Record<string, string | number> = {
    acqApLfSy: `${N_ACQUIRED},${nLf},1`,
    appVersion: 20230815,
    fileName: `${run}_g0/${run}_g0_imec0/${stem}.bin`,
    fileSizeBytes: 2 * nSamples * nSavedChannels,
    fileTimeSecs: nSamples / rateHz,
    firstSample: FIRST_SAMPLE + Math.round(startSec * rateHz),
    imAiRangeMax: RANGE_V[facts.adcBits],
    imAiRangeMin: -RANGE_V[facts.adcBits],
    ...(facts.gain === "entries" ? {} : { imChan0apGain: gainOf(recording, facts, 0) }),
    imDatPrb_pn: probe.partNumber,
    imDatPrb_sn: 0,
    imDatPrb_type: facts.imro === "bank" ? 0 : Number(probe.partNumber.replace(/\D/g, "")),
    imMaxInt: 2 ** (facts.adcBits - 1),
    imSampRate: rateHz,
    nSavedChans: nSavedChannels,
    snsApLfSy: `${nChannels},0,${sync}`,
    snsSaveChanSubset: [`0:${nChannels - 1}`, ...range(sync).map((i) => N_ACQUIRED + nLf + i)].join(","),
    typeThis: "imec",
    "~imroTbl": imroTable(recording, facts),
    "~muxTbl": muxTable(recording, facts),
    "~snsChanMap": channelMap(recording, nLf),
    ...siteMaps(recording, facts),
  };
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
  return textFile(`${stem}.meta`, lines.join(""));
}

/** Samples [n, nSavedChannels] as the bytes of a .bin: int16, little-endian as every machine that runs us. Shares memory. */
export function spikeglxBytes(samples: Int16Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** µV of one bit = range / maxInt / gain. Gains are whole numbers. */
function gainOf({ uvPerBit }: Recording, { adcBits }: ProbeFacts, channel: number): number {
  const ofGainOne = (RANGE_V[adcBits] / 2 ** (adcBits - 1)) * 1e6;
  return Math.round(ofGainOne / uvPerBit[Math.min(channel, uvPerBit.length - 1)]);
}

/** Site number on its shank of each saved channel, from the left, then upwards; null when any is no site of the probe. */
function electrodesOf({ probe }: Recording, facts: ProbeFacts): number[] | null {
  const electrodes = probe.positionsUm.map(([xUm, yUm], c) => {
    const row = yUm / facts.pitchYUm;
    const leftUm = row % 2 === 0 ? facts.evenRowXUm : facts.oddRowXUm;
    const col = (xUm - probe.shank[c] * facts.shankPitchUm - leftUm) / facts.pitchXUm;
    return Number.isInteger(row) && Number.isInteger(col) && col >= 0 && col < facts.nCols
      ? row * facts.nCols + col
      : -1;
  });
  return electrodes.every((e) => e >= 0) ? electrodes : null;
}

/** One entry per acquired channel; those not saved stand on the site of their own number. */
function imroTable(recording: Recording, facts: ProbeFacts): string {
  const electrodes = electrodesOf(recording, facts);
  const { partNumber, shank } = recording.probe;
  const entries = range(N_ACQUIRED).map((c) => {
    const electrode = electrodes?.[c] ?? c;
    if (facts.imro === "bank") return `(${c} 0 0 ${gainOf(recording, facts, c)} ${LF_GAIN} 1)`;
    return facts.imro === "electrode" ? `(${c} 1 0 ${electrode})` : `(${c} ${shank[c] ?? 0} 0 0 ${electrode})`;
  });
  const type = facts.imro === "bank" ? "0" : partNumber.replace(/\D/g, "");
  return `(${type},${N_ACQUIRED})${entries.join("")}`;
}

/** Channels converted at the same moment, one group per step; a single group for a recording whose channels are aligned. */
function muxTable({ delaySamples }: Recording, { adcBits }: ProbeFacts): string {
  if (delaySamples.length > 0 && delaySamples.every((delay) => delay === 0)) {
    return `(${N_ACQUIRED},1)(${range(N_ACQUIRED).join(" ")})`;
  }
  const { group, nAdcs, nSteps } = MUX[adcBits];
  const steps = range(nSteps).map((step) => range(N_ACQUIRED).filter((c) => (c % group) >> 1 === step));
  return `(${nAdcs},${nSteps})${steps.map((channels) => `(${channels.join(" ")})`).join("")}`;
}

function channelMap({ nChannels, sync }: Recording, nLf: number): string {
  const neural = range(nChannels).map((c) => `(AP${c};${c}:${c})`);
  const syncs = range(sync).map((i) => `(SY${i};${N_ACQUIRED + nLf + i}:${nChannels + i})`);
  return `(${N_ACQUIRED},${nLf},1)${[...neural, ...syncs].join("")}`;
}

const SHANK_WIDTH_UM = 70;

function siteMaps(recording: Recording, facts: ProbeFacts): Record<string, string> {
  const { partNumber, nShanks, positionsUm, shank, connected } = recording.probe;
  const used = (c: number) => (connected[c] ? 1 : 0);
  const geom = positionsUm.map(([x, y], c) => `(${shank[c]}:${x - shank[c] * facts.shankPitchUm}:${y}:${used(c)})`);
  const header = `(${partNumber},${nShanks},${facts.shankPitchUm},${SHANK_WIDTH_UM})`;
  const maps: Record<string, string> = { "~snsGeomMap": header + geom.join("") };
  const electrodes = electrodesOf(recording, facts);
  if (electrodes) {
    const { nCols } = facts;
    const sites = electrodes.map((e, c) => `(${shank[c]}:${e % nCols}:${Math.floor(e / nCols)}:${used(c)})`);
    const nRows = Math.max(...electrodes.map((e) => Math.floor(e / nCols) + 1));
    maps["~snsShankMap"] = `(${nShanks},${nCols},${nRows})${sites.join("")}`;
  }
  return maps;
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
