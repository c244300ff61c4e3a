import { AppError } from "../../core/errors.ts";
import type { ProbeSites } from "../../core/types.ts";
import type { ProbeChoice, ProbePart } from "../../protocol/plainBinary.ts";
import { baseName } from "../byteSource.ts";
import { siteAt } from "../spikeglx/geometry.ts";
import { allProbes, type ProbeFacts, probeByPartNumber } from "../spikeglx/probeTable.ts";
import type { WrittenFile } from "../write/file.ts";
import { probeinterfaceFile } from "../write/probeinterface.ts";

/**
 * Blocks of 48 electrodes that the eight blocks of 48 channels of a 2.0 probe of four shanks reach in each bank of its first
 * shank. From the maker's wiring, as SpikeGLX has it in its table of type 24.
 */
const FIRST_SHANK_BLOCKS = [0, 6, 1, 7, 2, 4, 3, 5];
const BLOCK = 48;
/** Chips of more channels than this, and those that join electrodes in groups, have no wiring to start with that we know. */
const MAX_READOUT = 384;
const MAX_PITCH_UM = 10_000;

const isKnown = ({ imro, nReadout }: ProbeFacts) => imro !== "group" && nReadout <= MAX_READOUT;

/** Probes that can be laid out by their part number alone, in the order of the table. */
export function probePartsWithWiring(): ProbePart[] {
  return allProbes().flatMap(([partNumber, facts]) =>
    isKnown(facts) ? [{ partNumber, model: facts.model, nChannels: facts.nReadout }] : [],
  );
}

/**
 * Where `nChannels` neural channels lie by choice. A part number gives the wiring that the maker's software starts with: bank
 * 0, on the first of several shanks; of fewer channels than the chip reads, one less than all leaves out the one wired to the
 * reference, any other number the last ones. A linear probe has contact 0 at the tip. Throws AppError, in which `path` is
 * named, for a part number without such a wiring, more channels than it reads, and a pitch that is none.
 */
export function chosenSites(
  path: string,
  choice: Extract<ProbeChoice, { kind: "part" | "linear" }>,
  nChannels: number,
): ProbeSites {
  return choice.kind === "linear" ? linear(path, choice.pitchUm, nChannels) : wired(path, choice.partNumber, nChannels);
}

function linear(path: string, pitchUm: number, nChannels: number): ProbeSites {
  if (!(pitchUm > 0 && pitchUm <= MAX_PITCH_UM))
    throw bad(path, `a pitch above 0 and at most ${MAX_PITCH_UM} µm between contacts`, String(pitchUm));
  const channels = Array.from({ length: nChannels }, (_, c) => c);
  return {
    model: `linear, ${pitchUm} µm`,
    partNumber: "",
    nShanks: 1,
    positionsUm: channels.map((c) => [0, c * pitchUm]),
    shank: channels.map(() => 0),
    connected: channels.map(() => true),
  };
}

function wired(path: string, partNumber: string, nChannels: number): ProbeSites {
  const facts = probeByPartNumber(partNumber);
  if (!facts || !isKnown(facts)) {
    const found = facts ? `${partNumber} (${facts.model}), whose wiring is chosen site by site` : `"${partNumber}"`;
    throw bad(path, "a part number with a wiring to start with, or a probeinterface .json", found);
  }
  const { nReadout, refChannel, model } = facts;
  if (nChannels > nReadout)
    throw bad(path, `at most ${nReadout} neural channels, as ${partNumber} reads at once`, String(nChannels));
  const all = Array.from({ length: nReadout }, (_, c) => c);
  const isWithoutReference = refChannel >= 0 && nChannels === nReadout - 1;
  const channels = isWithoutReference ? all.filter((c) => c !== refChannel) : all.slice(0, nChannels);
  return {
    model,
    partNumber,
    nShanks: 1,
    positionsUm: channels.map((channel) => {
      const block = FIRST_SHANK_BLOCKS[Math.floor(channel / BLOCK)];
      const electrode = facts.imro === "shankElectrode" ? BLOCK * block + (channel % BLOCK) : channel;
      const { xUm, yUm } = siteAt(facts, 0, electrode, true);
      return [xUm, yUm];
    }),
    shank: channels.map(() => 0),
    connected: channels.map((channel) => channel !== refChannel),
  };
}

/** The sites as a probeinterface .json. Throws AppError as chosenSites does. */
export function chosenProbeFile(
  path: string,
  choice: Extract<ProbeChoice, { kind: "part" | "linear" }>,
  nChannels: number,
): WrittenFile {
  return probeinterfaceFile(path, baseName(path), chosenSites(path, choice, nChannels));
}

function bad(path: string, expected: string, found: string): AppError {
  return new AppError("bad-parameter", `${path}: expected ${expected}, found ${found}.`, { path });
}
