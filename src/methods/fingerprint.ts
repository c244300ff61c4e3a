/** SHA-1 of a file's first megabyte, hex: tells two inputs apart in a provenance. Empty where the page is not secure. */
export async function fingerprint(head: Uint8Array): Promise<string> {
  if (!globalThis.crypto?.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-1", head as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");
}
