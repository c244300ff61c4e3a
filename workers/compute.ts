import { ComputeService } from "../src/methods/computeService.ts";
import { exposeApi } from "../src/protocol/comlink.ts";

exposeApi(new ComputeService());
