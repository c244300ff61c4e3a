import { AppError } from "../../core/errors.ts";
import type { WaveformSet } from "../../protocol/waveforms.ts";
import type { ByteSource } from "../byteSource.ts";
import { type Column, readColumn, requireEqualLengths } from "../columns.ts";
import type { Drop } from "../drop.ts";
import { readChannelLocations } from "../geometry/channelLocations.ts";
import { readRate, slnFolder } from "../readers/slnFolder.ts";
import { slnSubset } from "../readers/slnSubset.ts";
import { timeOrder } from "../spikes.ts";
import { waveformFile } from "../waveforms.ts";
import { findSubsets, manifestNumber, readXyz, type SubsetFiles, subsetTimes } from "./subset.ts";
import { findSlnFolders, type SlnFiles } from "./tables.ts";

/**
 * The waveforms of the SLN data set or subset in what was opened, in the order of its spikes; null when there is none with
 * waveforms. Tables of one row per spike are read, waveforms are not. Throws AppError for tables that do not fit.
 */
export async function findWaveforms(drop: Drop): Promise<WaveformSet | null> {
  const folders = findSlnFolders(drop, slnFolder.title);
  // beside the whole data set a subset is not what was opened: its rows are other spikes
  const subsets = folders.length > 0 ? [] : findSubsets(drop, slnSubset.title);
  const nFound = folders.length + subsets.length;
  if (nFound > 1) {
    const message = `Expected one data set with waveforms, found ${nFound}; open them one at a time.`;
    throw new AppError("ambiguous", message, { found: nFound });
  }
  if (folders.length > 0) return ofFolder(folders[0]);
  return subsets.length > 0 ? ofSubset(subsets[0]) : null;
}

async function ofFolder(tables: SlnFiles): Promise<WaveformSet | null> {
  const { times, waveforms, anchors, channels, locations } = tables;
  if (!waveforms) return null;
  const spikes = await readColumn(times);
  const order = timeOrder(spikes.values);
  const positionsUm = locations ? (await readChannelLocations(locations)).positionsUm : [];
  return {
    waveforms: await waveformFile(waveforms, spikes.values.length, order),
    rateHz: await readRate(tables.rate),
    positionsUm,
    channel: channels ? await inOrder(channels, spikes, order, positionsUm.length || undefined) : null,
    anchorsUm: anchors ? await xyzInOrder(anchors, spikes, order) : null,
    targetsUm: null,
    split: null,
    waveformScale: null,
  };
}

async function ofSubset(subset: SubsetFiles): Promise<WaveformSet> {
  const { waveforms, anchors, targets, split } = subset;
  const spikes = await subsetTimes(subset);
  const order = timeOrder(spikes.values);
  return {
    waveforms: await waveformFile(waveforms, spikes.values.length, order),
    rateHz: await manifestNumber(subset, "fs"),
    positionsUm: [],
    channel: null,
    anchorsUm: anchors ? await xyzInOrder(anchors, spikes, order) : null,
    targetsUm: targets ? await xyzInOrder(targets, spikes, order) : null,
    split: split ? await inOrder(split, spikes, order) : null,
    waveformScale: await manifestNumber(subset, "waveform_scale"),
  };
}

/** A column of whole numbers, spike by spike; where a limit is given, numbers of channels below it. */
async function inOrder(
  source: ByteSource,
  spikes: Column,
  order: Uint32Array | null,
  nChannels?: number,
): Promise<Int32Array> {
  const column = await readColumn(source);
  const { path, values } = column;
  requireEqualLengths([spikes, column], "spikes");
  const [low, high] = nChannels === undefined ? [-(2 ** 31), 2 ** 31 - 1] : [0, nChannels - 1];
  const row = values.findIndex((value) => !Number.isInteger(value) || value < low || value > high);
  if (row >= 0) {
    const expected =
      nChannels === undefined ? "whole numbers" : `channels from 0 to ${high}, as channel_locations.npy has`;
    const message = `${path}: expected ${expected}, found ${values[row]} in row ${row} (counting from 0).`;
    throw new AppError("bad-data", message, { path, row });
  }
  return Int32Array.from(order ?? values, order ? (i) => values[i] : (value) => value);
}

/** [N, 3], spike by spike. */
async function xyzInOrder(source: ByteSource, spikes: Column, order: Uint32Array | null): Promise<Float32Array> {
  const { path, values, nRows } = await readXyz(source);
  requireEqualLengths([spikes, { path, values: values.subarray(0, nRows) }], "spikes");
  if (!order) return Float32Array.from(values);
  return Float32Array.from({ length: values.length }, (_, k) => values[3 * order[Math.floor(k / 3)] + (k % 3)]);
}
