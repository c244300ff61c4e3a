import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { folderOf } from "../byteSource.ts";
import { folderInWords } from "../drop.ts";
import { Hdf5File } from "../hdf5/file.ts";
import type { Hdf5Reading } from "../hdf5/reading.ts";
import { type Claim, recordingClaim } from "../readers/reader.ts";
import { type Electrodes, readElectrodes } from "./electrodes.ts";
import { nwbRecording, probesOfSeries } from "./recording.ts";
import { SampleRows } from "./samples.ts";
import { readSeries, type Series } from "./series.ts";
import { nwbObjects, nwbVersion } from "./tree.ts";
import { unitSpikes, withoutDepth } from "./units.ts";
import { readUnitTable, type UnitTable } from "./unitTable.ts";

/** What a file holds: data sets, or a sentence that says why there are none. */
export interface NwbContent {
  claims: Claim[];
  sentence: string | null;
}

interface Found {
  electrodes: Electrodes | null;
  series: Series[];
  units: UnitTable[];
  /** what is there and cannot be read */
  problems: AppError[];
}

/**
 * Look into an HDF5 file: every ElectricalSeries is a recording of each probe its channels are on, every table of units with
 * depths is spikes of each probe. What cannot be read beside them stands in the warnings of the first one. Reads descriptions
 * only. Throws AppError for a damaged file, and where nothing of what is there can be read.
 */
export async function nwbContent(source: ByteSource, format: string): Promise<NwbContent> {
  const file = await Hdf5File.of(source);
  const found = await file.use(look);
  if (found === null) {
    return { claims: [], sentence: `${source.path} is an HDF5 file, but no NWB: expected nwb_version, found none.` };
  }
  const claims = claimsOf(file, source, format, found);
  const { problems } = found;
  if (claims.length === 0 && problems.length > 0) throw problems[0];
  const sentence =
    claims.length > 0
      ? null
      : `${source.path}: expected an ElectricalSeries or a table of units, found an NWB file with neither.`;
  return { claims, sentence };
}

function look(reading: Hdf5Reading): Found | null {
  if (nwbVersion(reading) === null) return null;
  const problems: AppError[] = [];
  const attempt = <T>(action: () => T): T | null => {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.push(error);
      return null;
    }
  };
  const objects = nwbObjects(reading);
  const electrodes = attempt(() => readElectrodes(reading));
  const series = objects
    .filter(({ type }) => type.endsWith("ElectricalSeries"))
    .flatMap((object) => attempt(() => readSeries(reading, object)) ?? []);
  const tables = objects
    .filter(({ type }) => type === "Units")
    .flatMap(({ path }) => attempt(() => readUnitTable(reading, path, electrodes)) ?? []);
  for (const table of tables) if (!table.depth) problems.push(withoutDepth(table));
  return { electrodes, series, units: tables.filter(({ depth }) => depth), problems };
}

function claimsOf(file: Hdf5File, source: ByteSource, format: string, found: Found): Claim[] {
  const { electrodes, units, problems } = found;
  const about = { place: folderInWords(folderOf(source.path)), files: [source] };
  // said once, by what is opened first: units before recordings
  let unsaid = problems.map(({ message }) => message);
  const saidHere = () => {
    const now = unsaid;
    unsaid = [];
    return now;
  };
  const claims: Claim[] = units.flatMap((table) =>
    [...table.probes].map(([probe, rows]) => {
      const warnings = saidHere();
      const title = `NWB units${probe === "" ? "" : `, ${probe}`}`;
      const open = async () => {
        const opened = await unitSpikes(file, source, format, title, table, rows, electrodes);
        opened.info.warnings.unshift(...warnings);
        return opened;
      };
      return { ...about, title, kind: "spikes" as const, open };
    }),
  );
  for (const series of found.series) {
    const rows = new SampleRows(file, series.data);
    for (const probe of probesOfSeries(series, electrodes)) {
      const warnings = saidHere();
      const recording = async () => {
        const opened = await nwbRecording(file, source, format, series, rows, probe, electrodes);
        return { ...opened, warnings: [...warnings, ...opened.warnings] };
      };
      const title = `NWB ${series.name}${probe.device === "" ? "" : `, ${probe.device}`}`;
      claims.push(recordingClaim({ ...about, title, recording }));
    }
  }
  return claims;
}
