import type { DatasetInfo, OpenedDataset } from "../../protocol/datasets.ts";
import { type Drop, type Folder, folderInWords } from "../drop.ts";
import { geometryFiles, type Placed, withGeometryBeside } from "../geometry/beside.ts";
import type { RecordingSource } from "../recordingSource.ts";
import { type Meta, readMeta } from "../spikeglx/meta.ts";
import { type Pair, pairUp } from "../spikeglx/pairing.ts";
import { recordingOf, sameRecordingKey } from "../spikeglx/recording.ts";
import type { Reader } from "./reader.ts";

/** Raw recordings of SpikeGLX: a .meta (known by its text, whatever its name) and the headerless binary it describes. */
export const spikeglx: Reader = {
  id: "spikeglx",
  title: "SpikeGLX",
  async find(drop) {
    const found = await findSpikeglx(drop);
    return found.map(({ place, source }) => ({
      title: titleOf(source),
      kind: "recording" as const,
      place,
      files: source.files,
      open: async () => datasetOf(source),
    }));
  },
  async leftOver(drop) {
    const sentences: string[] = [];
    for (const folder of drop.values()) {
      const metas = (await metasIn(folder)).map(({ meta }) => meta);
      for (const meta of metas) sentences.push(sentenceOfOther(meta));
      for (const [name, { path }] of folder.files) {
        if (/\.meta$/i.test(name) && !metas.some((meta) => meta.path === path)) {
          sentences.push(`${path}: expected a SpikeGLX description (lines of key=value with typeThis), found none.`);
        } else if (/\.(ap|lf)\.bin$/i.test(name) && !folder.files.has(name.replace(/bin$/i, "meta"))) {
          sentences.push(`${path}: expected the .meta that SpikeGLX wrote with it, found none; open both together.`);
        }
      }
      for (const { source } of await geometryFiles(folder.files.values())) {
        sentences.push(
          `${source.path} says where the sites of a probe lie: expected a recording or spikes that do not say so themselves, or a recording opened as loose files beside it, found none.`,
        );
      }
    }
    return sentences;
  },
};

/**
 * Every SpikeGLX recording of a probe in what was opened, a trigger of a run being a segment of it. Only descriptions are
 * read, and the geometry files beside them. Throws AppError for a description that contradicts itself or its binary.
 */
export async function findSpikeglx(drop: Drop): Promise<{ place: string; source: RecordingSource }[]> {
  const found: Placed[] = [];
  for (const folder of drop.values()) {
    const metas = await metasIn(folder);
    const groups = new Map<string, Pair[]>();
    for (const pair of pairUp(folder, metas).filter(({ meta }) => meta.values.get("typeThis") === "imec")) {
      const key = sameRecordingKey(pair);
      groups.set(key, [...(groups.get(key) ?? []), pair]);
    }
    for (const triggers of groups.values()) {
      found.push({ folder: folder.path, description: triggers[0].source, source: recordingOf(triggers) });
    }
  }
  const sources = await withGeometryBeside(drop, found);
  return sources.map((source, i) => ({ place: folderInWords(found[i].folder), source }));
}

/** Formats that are never a description: opening a member of an archive would unpack it whole. */
const NEVER_META = /\.(npy|npz|zip|json|png|svg)$/i;

async function metasIn(folder: Folder): Promise<{ source: Pair["source"]; meta: Meta }[]> {
  const found: { source: Pair["source"]; meta: Meta }[] = [];
  for (const source of folder.files.values()) {
    if (NEVER_META.test(source.path)) continue;
    const meta = await readMeta(source);
    if (meta) found.push({ source, meta });
  }
  return found;
}

const OTHER_STREAMS: Record<string, string> = {
  nidq: "a National Instruments device",
  obx: "a OneBox's analog inputs",
};

function sentenceOfOther(meta: Meta): string {
  const type = meta.values.get("typeThis") ?? "";
  const what = OTHER_STREAMS[type] ?? "something unknown";
  return `${meta.path}: expected the recording of a probe (typeThis=imec), found that of ${what} (typeThis=${type}).`;
}

function titleOf({ recording }: RecordingSource): string {
  return `SpikeGLX ${recording.stream.toUpperCase()}`;
}

function datasetOf(source: RecordingSource): OpenedDataset {
  const { recording } = source;
  const { rateHz, nChannels, segments, probe, sync } = recording;
  const uv = [...recording.uvPerBit];
  const info: DatasetInfo = {
    format: spikeglx.id,
    title: titleOf(source),
    kind: "recording",
    warnings: [...source.warnings],
    files: source.files.map(({ path, size }) => ({ path, bytes: size })),
    durationSec: Math.max(...segments.map((s) => s.startSec + s.nSamples / rateHz)),
    rateHz,
    nChannels,
    nSamples: segments.reduce((sum, s) => sum + s.nSamples, 0),
    segments,
    uvPerBit: uv.every((value) => value === uv[0]) ? uv[0] : uv,
    delaySamples: [...recording.delaySamples],
    probe,
    sync,
  };
  return { kind: "recording", info, recording };
}
