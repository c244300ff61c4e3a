import { describe, expect, it } from "vitest";
import { relativeError } from "../cases/opCase.ts";
import { opCases } from "../cases/ops.ts";

/** Hold the current backend to the oracle on every case, and to freeing what it allocates. */
export function runOpCases(backend: string): void {
  describe(`operations on ${backend}`, () => {
    it.each(opCases)("$name", async ({ run, oracle, tolerance, because }) => {
      const found = await run();
      for (const [name, expected] of Object.entries(oracle())) {
        expect(relativeError(found[name], expected), `${name}: ${because}`).toBeLessThanOrEqual(tolerance);
      }
    });
  });
}
