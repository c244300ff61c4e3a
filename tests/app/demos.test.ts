import { afterEach, describe, expect, it, vi } from "vitest";
import { DEMOS, type FileDemo, fetchDemo } from "../../src/app/demos.ts";

const [nhp] = DEMOS.filter((demo): demo is FileDemo => demo.kind === "files");

afterEach(() => {
  vi.unstubAllGlobals();
});

function serve(answer: (url: string) => Promise<Response>) {
  vi.stubGlobal("fetch", vi.fn(answer));
}

describe("fetchDemo", () => {
  it("asks only for addresses below the page's own, and keeps the folder in the path", async () => {
    const asked: string[] = [];
    serve(async (url) => {
      asked.push(url);
      return new Response(new Uint8Array([1, 2, 3]));
    });
    const files = await fetchDemo(nhp, "./");
    expect(asked).toEqual(nhp.files.map((name) => `./demo/nhp/${name}`));
    expect(files.map((f) => f.path)).toEqual(nhp.files.map((name) => `nhp/${name}`));
    expect(files[0].file.size).toBe(3);
  });

  it.each([
    ["a missing file", async () => new Response("", { status: 404 }), "status 404"],
    [
      "the page instead",
      async () => new Response("<html>", { headers: { "content-type": "text/html" } }),
      "a web page",
    ],
    ["no server", async () => Promise.reject(new TypeError("Failed to fetch")), "Failed to fetch"],
  ])("says in one sentence that it found %s", async (_, answer, found) => {
    serve(answer);
    await expect(fetchDemo(nhp, "./")).rejects.toMatchObject({
      name: "AppError",
      code: "bad-file",
      message: expect.stringMatching(/^The demo file \.\/demo\/nhp\/peak_\w+\.npy should come with this page/),
      detail: { found },
    });
  });
});
