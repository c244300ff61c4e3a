import { transfer } from "comlink";
import { fileSource } from "../src/io/byteSource.ts";
import { openFound } from "../src/io/open.ts";
import { plainPicture } from "../src/io/plain/picture.ts";
import { plainApi } from "../src/io/plain/plainApi.ts";
import { formatRows } from "../src/io/readers/index.ts";
import { KeptStore } from "../src/io/scratch/keptStore.ts";
import { opfsScratch } from "../src/io/scratch/opfsScratch.ts";
import { storedCoefficients } from "../src/io/scratch/storedCoefficients.ts";
import { simulateRecording } from "../src/io/simulate.ts";
import { interactivePage } from "../src/io/write/interactivePage.ts";
import { npyBytes } from "../src/io/write/npy.ts";
import { runDirectoryFiles } from "../src/io/write/runDirectory.ts";
import { spikeinterfaceFile } from "../src/io/write/spikeinterfaceExport.ts";
import { zipBlob } from "../src/io/write/zip.ts";
import { stepFigureFiles } from "../src/paint/figureFiles.ts";
import { paintedPlain } from "../src/paint/plainPicture.ts";
import { exposeApi } from "../src/protocol/comlink.ts";
import type { DroppedFile } from "../src/protocol/datasets.ts";
import { keptFolder } from "../src/protocol/kept.ts";
import type { IoApi, RunBundle } from "../src/protocol/workers.ts";

const kept = new KeptStore(opfsScratch(keptFolder));

const api: IoApi = {
  keeps: () => kept.survivesReload(),
  keptKeys: () => kept.keys(),
  keepPack: (...given) => kept.writePack(...given),
  keep: (...given) => kept.write(...given),
  kept: (key) => kept.read(key),
  keptPacks: async (...given) => {
    const packs = await kept.readPacks(...given);
    return transfer(
      packs,
      packs.map(({ buffer }) => buffer as ArrayBuffer),
    );
  },
  forgetKept: (key) => kept.forget(key),
  forgetScratch: () => new KeptStore(opfsScratch()).forget(null),
  open: (files: DroppedFile[], key: string | null) =>
    openFound(
      files.map(({ path, file }) => fileSource(path, file)),
      key,
    ),
  formats: async () => formatRows(),
  ...plainApi,
  plainPicture: async ({ path, file }, layout) => paintedPlain(await plainPicture(fileSource(path, file), layout)),
  exportZip: async (bundle: RunBundle) => {
    const { spikes, result, sorting } = bundle;
    const figures = spikes ? result.steps.flatMap((step) => stepFigureFiles(step, spikes, sorting)) : [];
    const waveforms = (await Promise.all(bundle.result.steps.map(storedCoefficients))).flat();
    return zipBlob([...runDirectoryFiles(bundle, figures), ...waveforms]);
  },
  exportSpikeinterface: async (...given) => spikeinterfaceFile(...given),
  exportPage: interactivePage,
  rowsFile: async (rows) => new Blob([new Uint8Array(npyBytes(rows, [rows.length], "<i4"))]),
  simulate: simulateRecording,
};

exposeApi(api);
