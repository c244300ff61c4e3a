import { fileSource } from "../src/io/byteSource.ts";
import { openRecordings, openWaveforms } from "../src/io/open.ts";
import { pageCorrectionSink } from "../src/io/scratch/correctionPlace.ts";
import { opfsScratch } from "../src/io/scratch/opfsScratch.ts";
import { readSpikeTruth } from "../src/io/truth.ts";
import { ComputeService } from "../src/methods/computeService.ts";
import { exposeApi } from "../src/protocol/comlink.ts";

const scratch = opfsScratch();

exposeApi(
  new ComputeService({
    openRecordings: (files) => openRecordings(files.map(({ path, file }) => fileSource(path, file))),
    openWaveforms: (files) => openWaveforms(files.map(({ path, file }) => fileSource(path, file))),
    openTruth: (files) => readSpikeTruth(files.map(({ path, file }) => fileSource(path, file))),
    correctionSink: (files, path, folder) => pageCorrectionSink(scratch, files, path, folder),
    scratch,
  }),
);
