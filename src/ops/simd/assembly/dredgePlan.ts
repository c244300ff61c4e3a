// AssemblyScript. What DREDge's kernels share: the plan of a tile of pairs and where spectra and tables lie. Who calls them:
// ../correlationTiles.ts.
import { POINT } from "./transform";

// The plan: int32 words that all kernels share.
@inline export function nFft(plan: usize): i32 { return load<i32>(plan); }
@inline export function nBlocks(plan: usize): i32 { return load<i32>(plan, 4); }
@inline export function blockStep(plan: usize): i32 { return load<i32>(plan, 8); }
@inline export function nLags(plan: usize): i32 { return load<i32>(plan, 12); }
// bins of a template, where it starts in a row of the raster, and bins of a row
@inline export function length(plan: usize): i32 { return load<i32>(plan, 16); }
@inline export function start(plan: usize): i32 { return load<i32>(plan, 20); }
@inline export function nDepths(plan: usize): i32 { return load<i32>(plan, 24); }
// where a frame starts in a row, its bins, and the zeros before them
@inline export function low(plan: usize): i32 { return load<i32>(plan, 28); }
@inline export function inside(plan: usize): i32 { return load<i32>(plan, 32); }
@inline export function pad(plan: usize): i32 { return load<i32>(plan, 36); }

// One template's spectrum, scaled by 1/n: [n/4, blocks, 4 points] pairs. A frame's: the same, of POINT each.
@inline export function spectrumBytes<T>(plan: usize): usize { return <usize>(nFft(plan) * nBlocks(plan)) * 2 * sizeof<T>(); }
// Tables of moments, of a template and of eight frames: entry L has (‖w·A‖, its largest product with α), (‖X‖, with γ).
@inline export function rowTable(plan: usize): usize { return <usize>(nLags(plan) + 1) << 3; }
@inline export function frameTable(plan: usize): usize { return <usize>(nLags(plan) + 1) << 6; }
@inline export function frameBytes(plan: usize): usize { return <usize>(nFft(plan) * nBlocks(plan)) * POINT; }

export function least(row: usize, n: i32): f64 {
  let least = Infinity;
  for (let d: usize = 0; d < <usize>n; d++) least = min(least, <f64>load<f32>(row + (d << 2)));
  return least;
}

// Where a frame's data begin.
@inline export function frame(plan: usize, columns: usize, column: i32): usize {
  return columns + (<usize>(column * nDepths(plan) + low(plan)) << 2);
}
