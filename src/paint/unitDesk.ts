import { medianInPlace } from "../core/median.ts";
import type { RunningMedian } from "../core/unitDrift.ts";
import { rowsOfSlot, slotOfUnit } from "../core/unitIndex.ts";
import type { BrushedSpikes, BrushHow } from "../protocol/brush.ts";
import type { UnitApi, UnitDriftNumbers, UnitDrifts, UnitRow } from "../protocol/units.ts";
import { combined } from "./brush.ts";
import { SpikeDesk } from "./spikeDesk.ts";
import { unitColours, unitIndexOf } from "./unitColours.ts";
import { unitSpikes } from "./unitSpikes.ts";

/** A stretch of work on all units takes no longer, unless one unit does. */
const stretchMs = 15;

/** What a painter answers about the units of the spikes. */
export abstract class UnitDesk extends SpikeDesk implements UnitApi {
  async units(): Promise<UnitRow[]> {
    const index = this.index();
    if (!index) return [];
    const said = this.data.sorting?.units;
    const labels = new Map((said ?? []).map(({ id, label }) => [id, label]));
    const { colours } = unitColours(index, said);
    return Array.from({ length: index.nUnits }, (_, i) => {
      const slot = i + 1;
      const id = index.id[slot];
      const label = labels.get(id);
      const nSpikes = index.starts[slot + 1] - index.starts[slot];
      const row = { id, nSpikes, depthUm: index.depthUm[slot], colour: colours[slot] };
      return label === undefined ? row : { ...row, label };
    });
  }

  async brushUnits(units: readonly number[], how: BrushHow): Promise<BrushedSpikes | null> {
    const index = this.index();
    if (!index) return this.brushed();
    const slots = new Set(units.map((unit) => slotOfUnit(index, unit)));
    slots.delete(0);
    const isOne = new Uint8Array(index.slot.length);
    let n = 0;
    for (const slot of slots) {
      const own = rowsOfSlot(index, slot);
      for (const row of own) isOne[row] = 1;
      n += own.length;
    }
    const rows = new Int32Array(n);
    for (let row = 0, at = 0; at < n; row++) if (isOne[row]) rows[at++] = row;
    return this.setBrush(combined(this.data.brushed, rows, how));
  }

  async unitDrift(unit: number): Promise<UnitDriftNumbers | null> {
    const own = unitSpikes(this.data, unit);
    if (!own) return null;
    const { drift, rows, depthUm } = own;
    const numbers = { unit, nSpikes: rows.length, depthUm: medianInPlace(depthUm.slice()) };
    if (!drift) return { ...numbers, course: null };
    const { observed, corrected, r, gain } = drift;
    const nBins = observed.timeSec.length;
    return { ...numbers, course: { nBins, ...sizes(observed), corrected: corrected && sizes(corrected), r, gain } };
  }

  async unitDrifts(): Promise<UnitDrifts | null> {
    const { spikes, motion } = this.data;
    const index = this.index();
    const found: UnitDrifts = { unit: [], rangeUm: [], corrected: motion && { rangeUm: [], scatterUm: [] } };
    let since = performance.now();
    for (let slot = 1; slot <= (index?.nUnits ?? 0); slot++) {
      const drift = unitSpikes(this.data, index?.id[slot] ?? -1)?.drift;
      if (drift) {
        found.unit.push(index?.id[slot] ?? -1);
        found.rangeUm.push(drift.observed.rangeUm);
        found.corrected?.rangeUm.push(drift.corrected?.rangeUm ?? Number.NaN);
        found.corrected?.scatterUm.push(drift.corrected?.scatterUm ?? Number.NaN);
      }
      if (performance.now() - since < stretchMs) continue;
      await new Promise((resolve) => setTimeout(resolve));
      if (this.data.spikes !== spikes || this.data.motion !== motion) return null;
      since = performance.now();
    }
    return found;
  }

  private index() {
    const { ownPlaces } = this.data;
    return ownPlaces && unitIndexOf(ownPlaces.spikes);
  }
}

function sizes({ rangeUm, rmsUm, scatterUm }: RunningMedian) {
  return { rangeUm, rmsUm, scatterUm };
}
