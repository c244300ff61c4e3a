/** h5wasm's module by itself: the package names only a layer above it, which keeps one module for the life of a page. */
declare module "*/h5wasm/dist/esm/hdf5_util.js" {
  import type { Hdf5Module } from "./engine.ts";

  const create: (options: {
    noInitialRun: true;
    print(text: string): void;
    printErr(text: string): void;
  }) => Promise<Hdf5Module>;
  export default create;
}
