/**
 * A WGSL pipeline of our own, as data: a WGSL file and its typed binding. Binding 0 is the uniform struct `Params` of 4-byte
 * scalars, the buffers follow in declared order; tests/ops/bindings.test.ts holds every binding to its file. Whoever has a
 * device runs it: tfjs's backend (program.ts), or the paint worker (rasterDevice.ts), which has no tfjs.
 */
export type ScalarType = "u32" | "i32" | "f32";

export interface Program<P extends string = string> {
  readonly name: string;
  readonly source: string;
  readonly workgroup: readonly [number, number, number];
  readonly params: readonly (readonly [P, ScalarType])[];
  readonly buffers: readonly (readonly [name: string, access: "read" | "read_write"])[];
}

/** Every program defined so far, for the test that holds bindings to files. */
export const programs: Program[] = [];

export function defineProgram<const P extends string>(program: Program<P>): Program<P> {
  programs.push(program);
  return program;
}
