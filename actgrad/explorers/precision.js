// Textbook and accurate formulas, rounded after each operation; and the true value in
// double-double arithmetic, about 31 digits, by which both are judged.

// --- double-double: a number is [high, low], exactly their sum; Dekker and Knuth's error-free
// transformations make every operation good to about 2^-100.

/** @typedef {[number, number]} Double */

/** @type {(a: number, b: number) => Double} */
const twoSum = (a, b) => {
  const sum = a + b;
  const part = sum - a;
  return [sum, a - (sum - part) + (b - part)];
};
/** @type {(a: number) => Double} */
const split = (a) => {
  const high = 134217729 * a - (134217729 * a - a); // 2^27 + 1
  return [high, a - high];
};
/** @type {(a: number, b: number) => Double} */
const twoProduct = (a, b) => {
  const product = a * b;
  const [ah, al] = split(a);
  const [bh, bl] = split(b);
  return [product, ah * bh - product + ah * bl + al * bh + al * bl];
};
/** @type {(x: Double, y: Double) => Double} */
const add = ([a, al], [b, bl]) => {
  const [high, low] = twoSum(a, b);
  return twoSum(high, low + al + bl);
};
/** @type {(x: Double, y: Double) => Double} */
const multiply = ([a, al], [b, bl]) => {
  const [high, low] = twoProduct(a, b);
  return twoSum(high, low + (a * bl + al * b));
};
/** @type {(x: Double, y: Double) => Double} */
const divide = (x, y) => {
  const first = x[0] / y[0];
  const rest = add(x, multiply([-first, 0], y));
  const second = rest[0] / y[0];
  const last = add(rest, multiply([-second, 0], y));
  return add(twoSum(first, second), [last[0] / y[0], 0]);
};
/** The logarithm of 2 and what its float64 lacks. @type {Double} */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: the two parts stand side by side
const LN2 = [0.6931471805599453, 2.3190468138462996e-17];
/** @type {Double} */
const ONE = [1, 0];

/** @type {(x: Double, factor: number) => Double} */
const scaled = ([high, low], factor) => [high * factor, low * factor];

/**
 * e^x for a double-double x: halved to a small rest, a Taylor series, squared back.
 *
 * @type {(x: Double) => Double}
 */
function exp(x) {
  const k = Math.round(x[0] / LN2[0]);
  const rest = scaled(add(x, multiply([-k, 0], LN2)), 1 / 64);
  let sum = ONE;
  for (let n = 12; n > 0; n--) sum = add(ONE, divide(multiply(rest, sum), [n, 0]));
  for (let n = 0; n < 6; n++) sum = multiply(sum, sum);
  // Two factors: 2^k alone may not be a number where e^x is one.
  const half = Math.trunc(k / 2);
  return scaled(scaled(sum, 2 ** half), 2 ** (k - half));
}

/**
 * log(1 + e) = 2 artanh(e / (2 + e)): terms of one sign, right for the smallest e too.
 *
 * @type {(e: Double) => Double}
 */
function log1p(e) {
  const z = divide(e, add([2, 0], e));
  const square = multiply(z, z);
  /** @type {Double} */
  let sum = [0, 0];
  for (let n = 69; n > 0; n -= 2) sum = add(divide(ONE, [n, 0]), multiply(square, sum));
  return multiply([2 * z[0], 2 * z[1]], sum);
}

/** @type {(e: Double) => Double} */
const logistic = (e) => divide(e, multiply(add(ONE, e), add(ONE, e)));
/** m e / (1 + e)², rounded after each operation. */
const overSquare = (e, m, r) => {
  const d = r(1 + e);
  return r(r(m * e) / r(d * d));
};
const shifted = (z, r) => {
  const powers = z.map((v) => r(Math.exp(v)));
  return r(powers[0] / r(r(powers[0] + powers[1]) + powers[2]));
};

/**
 * @typedef {object} Formula
 * @property {string} title
 * @property {string} textbookText
 * @property {string} accurateText
 * @property {[number, number]} limits
 * @property {(x: number, r: (value: number) => number) => number} textbook
 * @property {(x: number, r: (value: number) => number) => number} accurate
 * @property {(x: number) => Double} truth
 */

/**
 * Each formula: `textbook` and `accurate` take x and the rounding r of the number format;
 * `truth` has no subtraction that cancels. No x beyond `limits` is shown: past them the truth's
 * low part would be lost to underflow, or both formulas fail alike.
 *
 * @type {Record<string, Formula>}
 */
export const formulas = {
  "sigmoid-gradient": {
    title: "σ′(x)",
    textbookText: "σ (1 − σ)",
    accurateText: "e / (1 + e)², e = exp(−|x|)",
    limits: [-700, 700],
    textbook: (x, r) => {
      const s = r(1 / r(1 + r(Math.exp(-x))));
      return r(s * r(1 - s));
    },
    accurate: (x, r) => overSquare(r(Math.exp(-Math.abs(x))), 1, r),
    truth: (x) => logistic(exp([-Math.abs(x), 0])),
  },
  "tanh-gradient": {
    title: "tanh′(x)",
    textbookText: "1 − tanh²",
    accurateText: "4e / (1 + e)², e = exp(−2|x|)",
    limits: [-350, 350],
    textbook: (x, r) => {
      const y = r(Math.tanh(x));
      return r(1 - r(y * y));
    },
    accurate: (x, r) => overSquare(r(Math.exp(-2 * Math.abs(x))), 4, r),
    truth: (x) => scaled(logistic(exp([-2 * Math.abs(x), 0])), 4),
  },
  softplus: {
    title: "softplus(x)",
    textbookText: "log(1 + exp(x))",
    accurateText: "max(x, 0) + log1p(exp(−|x|))",
    limits: [-700, 740],
    textbook: (x, r) => r(Math.log(r(1 + r(Math.exp(x))))),
    accurate: (x, r) => r(Math.max(x, 0) + r(Math.log1p(r(Math.exp(-Math.abs(x)))))),
    truth: (x) => add([Math.max(x, 0), 0], log1p(exp([-Math.abs(x), 0]))),
  },
  softmax: {
    title: "y₁ of softmax(x, x − 1, x − 2)",
    textbookText: "exp(z) / Σ exp(z)",
    accurateText: "the same of z − max z",
    limits: [-740, 740],
    textbook: (x, r) => shifted([x, x - 1, x - 2], r),
    accurate: (_x, r) => shifted([0, -1, -2], r),
    truth: () => divide(ONE, add(ONE, add(exp([-1, 0]), exp([-2, 0])))),
  },
};

export const formats = { single: Math.fround, double: (v) => v };

/** x on a grid of 1/1024, which both formats hold exactly, as they do x − 1 and x − 2. */
export const onGrid = (x) => Math.round(1024 * x) / 1024;

/** |value − truth| / |truth|; infinite where the value is no finite number. */
export function relativeError(value, [high, low]) {
  return Number.isFinite(value) ? Math.abs(value - high - low) / Math.abs(high) : Infinity;
}

/** The x nearest to 0 from which the textbook form is 0 or no finite number, or null. */
export function failure(formula, format) {
  const { textbook, limits } = formulas[formula];
  const fails = (x) => {
    const value = textbook(x, formats[format]);
    return value === 0 || !Number.isFinite(value);
  };
  for (let size = 0; size <= Math.max(-limits[0], limits[1]); size += 0.25)
    for (const sign of [1, -1]) {
      if (sign * size < limits[0] || sign * size > limits[1] || !fails(sign * size)) continue;
      let [good, bad] = [Math.max(0, 1024 * (size - 0.25)), 1024 * size];
      while (bad - good > 1) {
        const middle = Math.floor((good + bad) / 2);
        if (fails((sign * middle) / 1024)) bad = middle;
        else good = middle;
      }
      return (sign * bad) / 1024;
    }
  return null;
}
