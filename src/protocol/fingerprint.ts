import { withoutInnerChunks } from "./chunkFiles.ts";
import type { DroppedFile } from "./datasets.ts";
import type { Provenance } from "./methods.ts";

/** SHA-1 of a file's first megabyte, hex: tells two inputs apart in a provenance. Empty where the page is not secure. */
export async function fingerprint(head: Uint8Array): Promise<string> {
  if (!globalThis.crypto?.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-1", head as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Files as a provenance names them: of the chunks of an array only the first and the last. */
export function describeInputs(inputs: readonly DroppedFile[]): Promise<Provenance["inputs"]> {
  return Promise.all(
    withoutInnerChunks(inputs).map(async ({ path, file, described }) => {
      if (described) return { path, ...described };
      const head = new Uint8Array(await file.slice(0, 1 << 20).arrayBuffer());
      return { path, bytes: file.size, sha1OfFirstMb: await fingerprint(head) };
    }),
  );
}
