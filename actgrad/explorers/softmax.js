// Softmax as the explorers need it. The largest input is subtracted first: nothing overflows.

/** The probabilities of softmax(s z). */
export function softmax(z, s) {
  const scaled = z.map((v) => s * v);
  const largest = Math.max(...scaled);
  const powers = scaled.map((v) => Math.exp(v - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((e) => e / sum);
}

/** The Jacobian dy_i/dz_k = s y_i (δ_ik − y_k), where 1 − y_i is summed from the other y. */
export const jacobian = (y, s) => y.map((yi, i) => y.map((yk, k) =>
  i === k ? s * yi * y.reduce((rest, yj, j) => j === i ? rest : rest + yj, 0) : -s * yi * yk));
