import { fingerprint } from "../../protocol/fingerprint.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { RecordingInput } from "../defineMethod.ts";

/** raised when stored columns or states change their meaning */
const layout = 1;

/** Names what must be equal for a run to go on: the recording, every parameter, the seed. Safe as a folder name. */
export async function runKey(identity: RecordingInput["identity"], params: ParamValues, seed: number): Promise<string> {
  const sorted = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([layout, identity.bytes, identity.sha1OfFirstMb, sorted, seed]);
  const key = await fingerprint(new TextEncoder().encode(text));
  return key || `plain-${identity.bytes}-${seed}`;
}
