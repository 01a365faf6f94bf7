// Special functions that JavaScript lacks.

/** exp(-x^2): the square is split, so that its rounding does not spoil the exponential. */
function gaussian(x) {
  const high = Math.round(x * 16) / 16;
  return Math.exp(-high * high) * Math.exp((high - x) * (high + x));
}

/** erfc(x) for x >= 1 by its continued fraction: with this many steps to the last digits. */
function tail(x) {
  if (x > 28) return 0;
  let fraction = x;
  for (let n = Math.ceil(20 + 200 / (x * x)); n > 0; n--) fraction = x + n / 2 / fraction;
  return gaussian(x) / Math.sqrt(Math.PI) / fraction;
}

/** The error function: a series of positive terms near 0. */
export function erf(x) {
  if (Math.abs(x) >= 1) return Math.sign(x) * (1 - tail(Math.abs(x)));
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++)
    sum += term *= (2 * x * x) / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** 1 - erf(x), small tails included. */
export const erfc = (x) => (x >= 1 ? tail(x) : 1 - erf(x));
