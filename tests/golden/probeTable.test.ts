import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { readProbeinterface } from "../../src/io/geometry/probeinterface.ts";
import { parseMeta } from "../../src/io/spikeglx/meta.ts";
import { probeByPartNumber } from "../../src/io/spikeglx/probeTable.ts";
import { describeMeta } from "../../src/io/spikeglx/recording.ts";

/** Real descriptions beside the checkout. */
const samples = "../shared/samples/spikeglx";

describe("delays between channels", () => {
  it("are by the probe's wiring what ~muxTbl says, wherever a real description has it", () => {
    const metas = readdirSync(samples, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".meta"));
    const texts = metas.map((name) => readFileSync(`${samples}/${name}`, "utf8")).filter((t) => t.includes("~muxTbl="));
    expect(texts.length).toBeGreaterThanOrEqual(5);
    for (const text of texts) {
      const delays = (t: string) => [...describeMeta(parseMeta("", t), []).delaySamples];
      const raw = text.replace(/^catGTCmdline.*$/gm, "").replaceAll("_tcat.", "_t0.");
      expect(delays(raw)).toEqual(delays(raw.replace(/^~muxTbl.*$/m, "")));
      expect(new Set(delays(raw)).size).toBeGreaterThanOrEqual(12);
    }
  });
});

/** Channels of one converter when a multiplexing table wires neighbours in pairs; 0 when it is wired otherwise. */
function inPairs(muxTable: string): number {
  const [header, ...groups] = [...muxTable.matchAll(/\(([^()]*)\)/g)].map(([, text]) => text.split(/[ ,]/).map(Number));
  const n = header[1];
  return groups.every((group, i) => group.every((c) => (c % (2 * n)) >> 1 === i)) ? n : 0;
}

describe("the probe table", () => {
  const path = "../shared/samples/probeinterface/neuropixels_probe_features.json";

  it("says what the reference table says of every part number in it", () => {
    expect(existsSync(path)).toBe(true);
    const table = JSON.parse(readFileSync(path, "utf8"));
    const all: Record<string, Record<string, string>> = table.neuropixels_probes;
    for (const [partNumber, reference] of Object.entries(all)) {
      expect(probeByPartNumber(partNumber), partNumber).toMatchObject({
        nShanks: Number(reference.num_shanks),
        shankPitchUm: Number(reference.shank_pitch_um),
        nCols: Number(reference.cols_per_shank),
        pitchXUm: Number(reference.electrode_pitch_horz_um),
        pitchYUm: Number(reference.electrode_pitch_vert_um),
        evenRowXUm: Number(reference.even_row_horz_offset_left_edge_to_leftmost_electrode_center_um),
        oddRowXUm: Number(reference.odd_row_horz_offset_left_edge_to_leftmost_electrode_center_um),
        adcBits: Number(reference.adc_bit_depth),
        nReadout: Number(reference.num_readout_channels),
        refChannel: Number(reference.on_shank_ref_chan),
      });
      const { gain, channelsPerAdc } = probeByPartNumber(partNumber)!;
      expect(channelsPerAdc, partNumber).toBe(inPairs(table.z_mux_tables[reference.mux_table_format_type]));
      if (typeof gain === "number") expect(reference.ap_gain_list, partNumber).toBe(String(gain));
      else expect(reference.ap_gain_list.split(",").length, partNumber).toBeGreaterThan(1);
    }
  });
});

describe("probes of the public library", () => {
  const folder = "../shared/samples/probeinterface";
  const sitesOf = async (name: string, nChannels: number) => {
    const [source] = await nodeSources([`${folder}/${name}`]);
    return (await readProbeinterface(source))?.sitesFor(nChannels);
  };

  it("give the sites of an Ultra, and the shanks of the format's own example", async () => {
    const ultra = await sitesOf("NP1100.json", 384);
    expect(ultra).toMatchObject({ model: "NP1100", nShanks: 1 });
    expect(ultra?.positionsUm[9]).toEqual([6, 6]);
    expect(ultra?.notes).toHaveLength(1);
    const example = await sitesOf("probe_format_example.json", 8);
    expect(example).toMatchObject({ nShanks: 2, shank: [0, 0, 0, 0, 1, 1, 1, 1] });
    expect(example?.positionsUm[4]).toEqual([175, 0]);
  });

  it("do not take a table of probes for one", async () => {
    expect(await sitesOf("neuropixels_probe_features.json", 384)).toBeUndefined();
  });
});
