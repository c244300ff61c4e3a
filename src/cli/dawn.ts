/**
 * WebGPU in Node, when the optional package `webgpu` (Dawn) has been installed beside us: `npm install webgpu`.
 * Without it the command line computes on the CPU.
 */
export async function offerDawn(): Promise<void> {
  const name = "webgpu";
  let dawn: { create(flags: string[]): GPU; globals: Record<string, unknown> };
  try {
    dawn = (await import(/* @vite-ignore */ name)) as typeof dawn;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") return;
    throw error;
  }
  Object.assign(globalThis, dawn.globals);
  const navigator = { ...(globalThis.navigator ?? {}), gpu: dawn.create([]) };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
}
