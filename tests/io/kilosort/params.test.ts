import { describe, expect, it } from "vitest";
import { memorySource } from "../../../src/io/byteSource.ts";
import { assignmentsIn, rawPaths } from "../../../src/io/kilosort/params.ts";

const source = memorySource("params.py", new Uint8Array(0));

describe("params.py", () => {
  it("gives plain values and nothing else", () => {
    const text = `# made by hand
dat_path = r'C:\\new\\x.bin'  # raw
n_channels_dat=385
dtype = "int16"
offset = 0
sample_rate = 3e4
hp_filtered = True
scale = 30_000.5
start = np.int64(3)
name = None
half = .5
evil = __import__('os').system('true')
empty = ''
compare == 4
  indented = 5
`;
    expect(Object.fromEntries(assignmentsIn(text))).toEqual({
      dat_path: "C:\\new\\x.bin",
      n_channels_dat: 385,
      dtype: "int16",
      offset: 0,
      sample_rate: 30000,
      hp_filtered: true,
      scale: 30000.5,
      name: null,
      half: 0.5,
      empty: "",
    });
  });

  it("takes the last of a key, as Python does, and forgets it where the last is no plain value", () => {
    expect(assignmentsIn("a = 1\na = 2\n").get("a")).toBe(2);
    expect(assignmentsIn("a = 1\na = b\n").has("a")).toBe(false);
  });

  it.each([
    ["'one.bin'", ["one.bin"]],
    ["['a.bin', \"b c.bin\"]", ["a.bin", "b c.bin"]],
    ["('a.bin',)", ["a.bin"]],
    ["[PosixPath('/x/a.bin'), Path(r'b.bin')]", ["/x/a.bin", "b.bin"]],
    ["WindowsPath('C:/a.bin')", ["C:/a.bin"]],
    ["[\n 'a.bin', # first\n\n 'b.bin'\n]", ["a.bin", "b.bin"]],
    ["'it\\'s.bin'", ["it's.bin"]],
    ["'C:\\\\a.bin'", ["C:\\a.bin"]],
    ["'None'", []],
    ["None", []],
    ["['a.bin', x]", []],
    ["'unclosed", []],
  ])("names the raw files of dat_path = %s", (text, expected) => {
    expect(rawPaths({ source, values: assignmentsIn(`dat_path = ${text}\n`) })).toEqual(expected);
  });
});
