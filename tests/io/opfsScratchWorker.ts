import { proxy } from "comlink";
import { opfsScratch } from "../../src/io/scratch/opfsScratch.ts";
import { exposeApi } from "../../src/protocol/comlink.ts";

/** The browser's scratch for a test on the page: its files open in workers only. */
const scratch = opfsScratch();
exposeApi({ ...scratch, open: async (key: string) => proxy(await scratch.open(key)) });
