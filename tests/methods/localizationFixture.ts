import type { LocalizationGolden } from "../cases/localizationGolden.ts";
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
    reference: {
      converged: await load("mono10_converged_xyza_obj"),
      logpen: await load("mono10_logpen_xyza"),
      lsq: await load("mono10_lsq_xyza"),
      monoPtp: await load("si_mono_ptp_r75"),
      monoPeakv: await load("si_mono_peakv_r75"),
      comPtp: await load("si_com_ptp_r75"),
      comPeakv: await load("si_com_peakv_r75"),
      exponential_3d: await load("si_grid_exp3d"),
      gaussian_2d: await load("si_grid_gauss2d_gaussproto"),
    },
  };
}
