import { AppError } from "../../core/errors.ts";
import type { ProbeSites } from "../../core/types.ts";
import { type ByteSource, baseName, readJsonObject } from "../byteSource.ts";
import { type Column, columnOf, notFinite, readColumn, readTable } from "../columns.ts";
import { type Drop, type Folder, fileBelow, folderInWords } from "../drop.ts";
import { readSortingFile } from "../sortingFile.ts";
import { type SpikesDataset, spikesDataset } from "../spikes.ts";
import { type Claim, type Reader, requireSiblings } from "./reader.ts";
import { readSavedRun } from "./savedRun.ts";

/**
 * Our own run directory: recipe.json with "driftscope". Claims its spikes and its descriptions; the motions below it are
 * Motion folders and come by their own reader. Positions were written as float32, which a warning says.
 */
export const runDirectory: Reader = {
  id: "run-directory",
  title: "Driftscope run",
  about: {
    knownBy: "a recipe.json with driftscope",
    reads:
      "spikes, every localizer's positions, contacts, provenance, curves and numbers; its motions and networks by their own rows",
    leaves: "pictures, copies for other programs",
  },
  async find(drop) {
    const claims: Claim[] = [];
    for (const folder of drop.values()) {
      const recipe = folder.files.get("recipe.json");
      if (!recipe) continue;
      const described = await readJsonObject(recipe);
      if (!("driftscope" in described) || isMotionAlone(drop, folder)) continue;
      claims.push(claimSpikes(drop, folder, recipe, await localizerOf(described, folder.files.get("provenance.json"))));
    }
    return claims;
  },
};

/** A run over a motion alone has no spikes; its motion comes by its own reader. */
function isMotionAlone(drop: Drop, folder: Folder): boolean {
  const below = folder.path === "" ? "" : `${folder.path}/`;
  const paths = [...drop.keys()].filter((path) => path.startsWith(below)).map((path) => path.slice(below.length));
  const top = new Set(paths.map((path) => path.split("/")[0]));
  return top.has("motion") && !top.has("spikes") && !top.has("locations");
}

/**
 * The localizer whose positions stand for the spikes: what the provenance says, or else the recipe of its last step that
 * locates.
 */
async function localizerOf({ steps }: Record<string, unknown>, provenance: ByteSource | undefined): Promise<string> {
  const { positions } = provenance ? await readJsonObject(provenance) : {};
  if (typeof positions === "string") return positions;
  const names = (Array.isArray(steps) ? steps : []).map(
    (step: { params?: { localizer?: unknown } } | null) => step?.params?.localizer,
  );
  return names.findLast((name) => typeof name === "string") ?? "imported";
}

function claimSpikes(drop: Drop, folder: Folder, recipe: ByteSource, localizer: string): Claim {
  const below = (name: string) => fileBelow(drop, folder.path, name);
  const spikesFolder = subfolder(drop, folder, "spikes");
  const [times, amplitudes] = requireSiblings(
    spikesFolder,
    ["times_sec.npy", "amplitude_uv.npy"],
    "The spikes of a Driftscope run",
  );
  const locationsFolder = subfolder(drop, folder, "locations");
  const [locations] = requireSiblings(
    locationsFolder,
    [
      locationsFolder.files.has(`${localizer}.npy`) || !locationsFolder.files.has("imported.npy")
        ? `${localizer}.npy`
        : "imported.npy",
    ],
    "The locations of a Driftscope run",
  );
  const optional = {
    channel: below("spikes/channel.npy"),
    sampleIndex: below("spikes/sample_index.npy"),
    segment: below("spikes/segment.npy"),
    shank: below("spikes/shank.npy"),
    unit: below("spikes/unit.npy"),
    sorting: below("spikes/sorting.json"),
    contacts: below("spikes/contacts.json"),
  };
  const root = folder.path === "" ? "" : `${folder.path}/`;
  const own = ["corrected", "figures", "spikes", "locations", "waveforms", "pretrain", "joint"];
  const ownFolders = own.map((name) => `${root}${name}`);
  const others = [
    ...["recipe.json", "provenance.json", "log.jsonl", "metrics.json"].flatMap((name) => folder.files.get(name) ?? []),
    ...ownFolders.flatMap((path) => [...(drop.get(path)?.files.values() ?? [])]),
    ...copiesIn(drop, root),
  ];
  const files = [...new Set([recipe, ...others])];
  return {
    title: runDirectory.title,
    kind: "spikes",
    place: folderInWords(folder.path),
    files,
    open: async () => {
      const opened = await openSpikes({ times, amplitudes, locations, ...optional }, files);
      const { provenance, metrics } = { provenance: below("provenance.json"), metrics: below("metrics.json") };
      const places = [...locationsFolder.files].flatMap(([name, source]) =>
        /\.npy$/.test(name) && name !== "imported.npy" ? [[name.replace(/\.npy$/, ""), source] as const] : [],
      );
      const saved = { recipe, provenance, metrics, locations: new Map(places) };
      const run = await readSavedRun(saved, opened.spikes, opened.info.warnings);
      return run ? { ...opened, run } : opened;
    },
  };
}

/** The spikes and motions once more, for other programs. */
function copiesIn(drop: Drop, root: string): ByteSource[] {
  const copies = [`${root}kilosort/`, `${root}spikeinterface/`];
  const folders = [...drop.values()].filter(({ path }) => copies.some((start) => path.startsWith(start)));
  return folders.flatMap(({ files }) => [...files.values()]);
}

function subfolder(drop: Drop, folder: Folder, name: string): Folder {
  const path = folder.path === "" ? name : `${folder.path}/${name}`;
  return drop.get(path) ?? { path, files: new Map() };
}

interface SpikeFiles {
  times: ByteSource;
  amplitudes: ByteSource;
  locations: ByteSource;
  channel?: ByteSource;
  sampleIndex?: ByteSource;
  segment?: ByteSource;
  shank?: ByteSource;
  unit?: ByteSource;
  sorting?: ByteSource;
  contacts?: ByteSource;
}

async function openSpikes(from: SpikeFiles, files: readonly ByteSource[]): Promise<SpikesDataset> {
  const table = await readTable(from.locations);
  const known = (column: Column) => (notFinite(column.values)?.count === column.values.length ? undefined : column);
  const { id: format, title } = runDirectory;
  const isImported = baseName(from.locations.path) === "imported.npy";
  const opened = spikesDataset({
    format,
    title,
    files,
    warnings: isImported
      ? [
          `${from.locations.path}: a run keeps positions as float32, so depths may differ from the original in the fourth decimal of a µm.`,
        ]
      : [], // float32 is what our localizers give
    timeSec: await readColumn(from.times),
    ampUv: await readColumn(from.amplitudes),
    depthUm: columnOf(table, 1),
    xUm: known(columnOf(table, 0)),
    zUm: known(columnOf(table, 2)),
    alpha: known(columnOf(table, 3)),
    channel: from.channel ? await readColumn(from.channel) : undefined,
    sampleIndex: from.sampleIndex ? await readColumn(from.sampleIndex) : undefined,
    segment: from.segment ? await readColumn(from.segment) : undefined,
    shank: from.shank ? await readColumn(from.shank) : undefined,
    unit: from.unit ? await readColumn(from.unit) : undefined,
    ...(from.sorting ? await readSortingFile(from.sorting) : {}),
  });
  if (from.contacts) opened.info.probe = await readContacts(from.contacts);
  return opened;
}

/** Contacts as they were written. Throws AppError for anything else. */
async function readContacts(source: ByteSource): Promise<ProbeSites> {
  const { model, partNumber, nShanks, positionsUm, shank, connected } = await readJsonObject(source);
  const listOf = (value: unknown, isOne: (one: unknown) => boolean): value is never[] =>
    Array.isArray(value) && value.every(isOne);
  const isPlace = (one: unknown) => Array.isArray(one) && one.length === 2 && one.every(Number.isFinite);
  if (
    typeof model !== "string" ||
    typeof partNumber !== "string" ||
    typeof nShanks !== "number" ||
    !listOf(positionsUm, isPlace) ||
    !listOf(shank, Number.isInteger) ||
    !listOf(connected, (one) => typeof one === "boolean") ||
    (positionsUm.length > 0 && shank.length !== positionsUm.length)
  ) {
    const { path } = source;
    throw new AppError("bad-file", `${path}: expected the contacts that a run had written, found something else.`, {
      path,
    });
  }
  return { model, partNumber, nShanks, positionsUm, shank, connected };
}
