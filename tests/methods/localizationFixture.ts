import { type LocalizationGolden, loadReference } from "../cases/localizationGolden.ts";
import { fixtureNpy } from "../fixture.ts";

const load = async (name: string) => (await fixtureNpy(`localization/${name}.npy`)).values;

/** The spikes of tests/fixtures/localization. */
export async function localizationFixture(): Promise<LocalizationGolden> {
  return {
    positionsUm: Float32Array.from(await load("geom")),
    channel: Int32Array.from(await load("channel")),
    neighbours10: { nSlots: 10, channels: Int32Array.from(await load("neighbours10")) },
    ptp10Uv: Float32Array.from(await load("ptp10_uv")),
    ptpLsb: await load("ptp_all_lsb"),
    peakvLsb: await load("peakv_all_lsb"),
    projection: { exponential_3d: await load("projection_exp3d"), gaussian_2d: await load("projection_gauss2d") },
    truthUm: await load("true_xyz_um"),
    reference: await loadReference(load),
  };
}
