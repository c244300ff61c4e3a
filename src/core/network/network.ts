import { cnn } from "./cnn.ts";
import type { NetworkKind } from "./layout.ts";
import { transformer } from "./transformer.ts";
import type { NetworkOracle } from "./types.ts";

/** Both networks as plain loops, held against PyTorch. The oracle of ops/network.ts. */
export const networks: Readonly<Record<NetworkKind, NetworkOracle>> = { cnn, transformer };
