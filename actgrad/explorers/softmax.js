// Softmax as the explorers need it. The largest input is subtracted first: nothing overflows.

/** The probabilities of softmax(s z). */
export function softmax(z, s) {
  const scaled = z.map((v) => s * v);
  const largest = Math.max(...scaled);
  const powers = scaled.map((v) => Math.exp(v - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((e) => e / sum);
}

/** 1 − y_i, summed from the other y: the difference would be 0 where y_i rounds to 1. */
export const others = (y, i) => y.reduce((rest, v, j) => (j === i ? rest : rest + v), 0);

/** The Jacobian dy_i/dz_j = s y_i (δ_ij − y_j). */
export const jacobian = (y, s) =>
  y.map((yi, i) => y.map((yk, k) => (i === k ? s * yi * others(y, i) : -s * yi * yk)));

/** −Σ y log y, where log y comes from 1 − y for the likeliest. */
export const entropy = (y) =>
  y.reduce(
    (sum, v, i) =>
      v === 0 ? sum : sum - v * (v > 0.5 ? Math.log1p(-others(y, i)) : Math.log(v)),
    0,
  );

export const dot = (a, b) => a.reduce((sum, v, i) => sum + v * b[i], 0);

/** s y (g − ⟨y, g⟩); g is first taken from that of the likeliest, lest 1 − y_i be lost. */
export function pullback(y, s, g) {
  const reference = g[y.indexOf(Math.max(...y))];
  const relative = g.map((v) => v - reference);
  const mean = dot(y, relative);
  return y.map((v, i) => s * v * (relative[i] - mean));
}
