import { fileSource } from "../src/io/byteSource.ts";
import { openRecordings, openWaveforms } from "../src/io/open.ts";
import { opfsScratch } from "../src/io/scratch/opfsScratch.ts";
import { ComputeService } from "../src/methods/computeService.ts";
import { exposeApi } from "../src/protocol/comlink.ts";

exposeApi(
  new ComputeService({
    openRecordings: (files) => openRecordings(files.map(({ path, file }) => fileSource(path, file))),
    openWaveforms: (files) => openWaveforms(files.map(({ path, file }) => fileSource(path, file))),
    scratch: opfsScratch(),
  }),
);
