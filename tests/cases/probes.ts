/** Contacts of a staggered two-column probe, [C, 2] µm. */
export function staggeredProbe(nChannels: number): Float32Array {
  return Float32Array.from({ length: 2 * nChannels }, (_, i) => {
    const channel = i >> 1;
    const row = channel >> 1;
    return i & 1 ? 20 * row : 32 * (channel & 1) + (row % 2 === 0 ? 16 : 0);
  });
}

/** Contacts of an ideal one-shank Neuropixels 2.0: rows every 15 µm, two columns. */
export function squareProbe(nChannels: number): Float32Array {
  return Float32Array.from({ length: 2 * nChannels }, (_, i) => (i & 1 ? 15 * (i >> 2) : 32 * ((i >> 1) & 1)));
}

/** Contacts of an ideal Neuropixels Ultra: eight columns, 6 µm pitch both ways. */
export function ultraProbe(nChannels: number): Float32Array {
  return Float32Array.from({ length: 2 * nChannels }, (_, i) => 6 * (i & 1 ? i >> 4 : (i >> 1) & 7));
}
