import { expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { directoryPlace } from "../../src/io/write/correctionSinks.ts";

it("a chosen folder holds what is whole and nothing of what was given up", async () => {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle("chosen", { create: true });
  const place = directoryPlace(folder);
  const file = await place.create("a.bin", 4);
  await file.append(Uint8Array.of(1, 2));
  await file.append(Uint8Array.of(3, 4));
  await file.close();
  const given = await place.create("b.bin", 1);
  await given.append(Uint8Array.of(9));
  await given.discard();
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  expect(names).toEqual(["a.bin"]);
  const stored = await (await folder.getFileHandle("a.bin")).getFile();
  expect(new Uint8Array(await stored.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3, 4));
  await root.removeEntry("chosen", { recursive: true });
  await expect(place.create("c.bin", 1)).rejects.toThrow(AppError);
});
