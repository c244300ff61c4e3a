import { nameOfLocalizer } from "../../app/localizerNames.ts";
import { decimals } from "../../app/spikeFacts.ts";
import { useWaveform } from "../../app/spikeWaveform.ts";
import { type SpikeFits, spikeFits } from "../../protocol/spikeFit.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { SpikeStage } from "../../ui/SpikeStage.tsx";
import "./amplitudeFit.css";

/** The fits as numbers: one row per channel, and below what each of them leaves. */
function Numbers({ fits, channels }: { fits: SpikeFits; channels: Int32Array }) {
  const fitted = fits.on === "denoised" && fits.denoised ? fits.denoised : fits.raw;
  const named = fits.fits.map((one) => ({ ...one, name: nameOfLocalizer(one.localizer) }));
  return (
    <table className="fit-table" data-testid="fit-table">
      <thead>
        <tr>
          <th scope="col">channel</th>
          <th scope="col">measured</th>
          {named.map(({ name }) => [
            <th key={`${name} distance`} scope="col">
              {name}: distance (µm)
            </th>,
            <th key={`${name} model`} scope="col">
              model
            </th>,
            <th key={`${name} residual`} scope="col">
              residual
            </th>,
          ])}
        </tr>
      </thead>
      <tbody>
        {Array.from(channels, (channel, k) => (
          <tr key={channel}>
            <th scope="row">{channel}</th>
            <td>{decimals(fitted[k], 1)}</td>
            {named.map(({ name, fit }) => [
              <td key={`${name} distance`}>{decimals(fit.distanceUm[k], 1)}</td>,
              <td key={`${name} model`}>{decimals(fit.model[k], 1)}</td>,
              <td key={`${name} residual`}>{decimals(fit.residual[k], 1)}</td>,
            ])}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">all</th>
          <td>{fits.unit}</td>
          {named.map(({ name, fit, isOwnAlpha }) => (
            <td key={name} colSpan={3}>
              α {decimals(fit.alpha, 0)}
              {isOwnAlpha && `, best ${decimals(fit.bestAlpha, 0)}`}; rms {decimals(fit.rms, 2)};{" "}
              {decimals(100 * fit.explained, 1)} % explained
            </td>
          ))}
        </tr>
      </tfoot>
    </table>
  );
}

function AmplitudeFit() {
  const shown = useWaveform((state) => state.shown);
  const fits = shown && spikeFits(shown);
  return (
    <SpikeStage invitation="Click a spike on a raster: how well a point source explains its amplitudes stands here.">
      <CanvasHost
        kind="amplitude-fit"
        label="Amplitudes of the selected spike over the distance from where each localizer puts it, with the curve of a point source; and contact by contact."
      />
      {shown && fits && fits.fits.length > 0 && (
        <details className="fold">
          <summary>
            {fits.feature}, channel by channel ({fits.unit})
          </summary>
          <Numbers fits={fits} channels={shown.channels} />
        </details>
      )}
    </SpikeStage>
  );
}

export const amplitudeFit: PanelDef = {
  id: "amplitude-fit",
  title: "Amplitude fit",
  help: "Whether a point source explains the selected spike: above, what was measured on each contact over its distance from where the localizer puts the spike, with the curve α / distance of a point source; below, the same channel by channel. Stems are residuals. Amplitudes that lie along the curve mean a position worth trusting; amplitudes that do not fall with distance, or one contact far off the curve, mean noise, two spikes at once or a source that is no point. α is the localizer's own where it says one; for a network without α it is the best one at its place, so that the place alone is judged. Explained: 1 minus the squared residuals over the squared amplitudes. Monopolar was fitted on its own contacts (those within 75 µm by default), and is judged here on those that are shown.",
  place: { beside: "activity", where: "within" },
  component: AmplitudeFit,
};
