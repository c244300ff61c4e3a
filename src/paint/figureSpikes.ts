import type { SpikeTable } from "../core/types.ts";
import type { DataColumn, DataTable } from "../protocol/figureData.ts";
import { type PickColumns, type Plot, plainLabel } from "./figure.ts";
import type { SpikeData } from "./spikeData.ts";

/**
 * The spikes that a figure shows one by one, as a table: their rows, every column of the table of spikes, and what else the
 * axes of the plots say of them (a corrected depth, a place in a local frame). A spike counts where any plot has it in view.
 */
export function spikeTables(plots: readonly Plot[], { spikes }: SpikeData, ampUnit = "µV"): DataTable[] {
  const picking = plots.filter((plot): plot is Plot & { picks: PickColumns } => plot.picks !== undefined);
  if (picking.length === 0) return [];
  const rows = rowsInView(picking, spikes.nSpikes);
  const columns: DataColumn[] = [{ label: "Row", values: rows }, ...ownColumns(spikes, rows, ampUnit)];
  const known = new Set<ArrayLike<number>>(tableColumns(spikes, ampUnit).map(([, column]) => column));
  for (const { title, fullTitle = title, x, y, picks } of picking) {
    for (const [axis, values] of [
      [x, picks.x],
      [y, picks.y],
    ] as const) {
      const label = plainLabel(axis);
      // an axis without a name of its own is that of its neighbour
      if (label === "" || known.has(values)) continue;
      known.add(values);
      const isTaken = columns.some((column) => column.label === label);
      const values64 = new Float64Array(rows.length);
      for (let k = 0; k < rows.length; k++) values64[k] = values[rows[k]];
      columns.push({ label: isTaken ? `${label}, ${fullTitle}` : label, values: values64 });
    }
  }
  return [{ kind: "table", name: "spikes", title: "Spikes in view", nRows: rows.length, columns }];
}

function rowsInView(plots: readonly (Plot & { picks: PickColumns })[], nSpikes: number): Int32Array {
  const isSeen = new Uint8Array(nSpikes);
  let n = 0;
  for (const { x: across, y: up, picks } of plots) {
    const [[xLow, xHigh], [yLow, yHigh]] = [across.range, up.range];
    const { x, y } = picks;
    for (let i = picks.from; i < picks.to; i++) {
      if (isSeen[i] === 1 || !(x[i] >= xLow && x[i] <= xHigh && y[i] >= yLow && y[i] <= yHigh)) continue;
      isSeen[i] = 1;
      n++;
    }
  }
  const rows = new Int32Array(n);
  for (let i = 0, k = 0; k < n; i++) if (isSeen[i] === 1) rows[k++] = i;
  return rows;
}

/** Columns of the table of spikes with their names on paper; those that it lacks are null. */
function tableColumns(
  spikes: SpikeTable,
  ampUnit: string,
): [label: string, values: Float64Array | Float32Array | Int32Array][] {
  const all: [string, Float64Array | Float32Array | Int32Array | undefined][] = [
    ["Time (s)", spikes.timeSec],
    ["Depth (µm)", spikes.depthUm],
    [`Amplitude (${ampUnit})`, spikes.ampUv],
    ["x (µm)", spikes.xUm],
    ["z (µm)", spikes.zUm],
    ["α (µV·µm)", spikes.alpha],
    ["Channel", spikes.channel],
    ["Sample", spikes.sampleIndex],
    ["Segment", spikes.segment],
    ["Shank", spikes.shank],
    ["Unit", spikes.unit],
  ];
  return all.flatMap(([label, values]) => (values ? [[label, values]] : []));
}

function ownColumns(spikes: SpikeTable, rows: Int32Array, ampUnit: string): DataColumn[] {
  return tableColumns(spikes, ampUnit).map(([label, values]) => ({ label, values: taken(values, rows) }));
}

/** The same type of array: what is whole, or single precision, stays so. */
function taken(values: Float64Array | Float32Array | Int32Array, rows: Int32Array) {
  const out = values.slice(0, rows.length);
  for (let k = 0; k < rows.length; k++) out[k] = values[rows[k]];
  return out;
}
