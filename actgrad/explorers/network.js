// A stack of random layers A_l = f(A_(l-1) W_l), forward and backward, with numbers that depend
// on nothing but the seed: _network.py draws the same ones.

export const WIDTH = 24;
export const BATCH = 16;

/** A hash of 32 bits whose output bits each depend on all input bits (Wellons' lowbias32). */
function mix(x) {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Normal numbers of a stream: the hash of a counter, then Box and Muller's transform. */
export function normals(seed, stream, count) {
  const key = mix((Math.imul(seed, 0x9e3779b9) + Math.imul(stream, 0x85ebca6b)) >>> 0);
  const uniform = (n) => (mix((key + Math.imul(n, 0x9e3779b9)) >>> 0) + 0.5) / 2 ** 32;
  return Float64Array.from(
    { length: count },
    (_, n) =>
      Math.sqrt(-2 * Math.log(uniform(2 * n))) * Math.cos(2 * Math.PI * uniform(2 * n + 1)),
  );
}

const drawn = new Map();
function weights(seed, layer) {
  const name = `${seed},${layer}`;
  if (drawn.size > 400) drawn.clear();
  if (!drawn.has(name)) drawn.set(name, normals(seed, layer, WIDTH * WIDTH));
  return drawn.get(name);
}

export const rms = (numbers) =>
  Math.sqrt(numbers.reduce((sum, v) => sum + v * v, 0) / numbers.length);

/**
 * Values, gradients dL/dA and slopes f'(Z) of every layer; `values[0]` are the inputs. The
 * gradient at the output is random. A matrix is flat, row by row.
 */
export function propagate({ f, slope, depth, scale, seed }) {
  const size = scale / Math.sqrt(WIDTH);
  const values = [normals(seed, 0, BATCH * WIDTH)];
  const slopes = Array(depth + 1);
  for (let layer = 1; layer <= depth; layer++) {
    const w = weights(seed, layer);
    const before = values[layer - 1];
    const z = new Float64Array(BATCH * WIDTH);
    for (let n = 0; n < BATCH; n++)
      for (let i = 0; i < WIDTH; i++) {
        const a = before[n * WIDTH + i] * size;
        for (let j = 0; j < WIDTH; j++) z[n * WIDTH + j] += a * w[i * WIDTH + j];
      }
    values.push(z.map((v) => f(v)));
    slopes[layer] = z.map((v) => slope(v));
  }
  const gradients = Array(depth + 1);
  gradients[depth] = normals(seed, 1000, BATCH * WIDTH);
  for (let layer = depth; layer > 0; layer--) {
    const w = weights(seed, layer);
    const dz = gradients[layer].map((g, n) => g * slopes[layer][n]);
    const out = new Float64Array(BATCH * WIDTH);
    for (let n = 0; n < BATCH; n++)
      for (let i = 0; i < WIDTH; i++) {
        let sum = 0;
        for (let j = 0; j < WIDTH; j++) sum += dz[n * WIDTH + j] * w[i * WIDTH + j];
        out[n * WIDTH + i] = sum * size;
      }
    gradients[layer - 1] = out;
  }
  return { values, gradients, slopes };
}

/** For each unit of a layer the mean |f'| over the batch: 0 is a dead unit. */
export const liveliness = (slopes) =>
  Array.from({ length: WIDTH }, (_, j) => {
    let sum = 0;
    for (let n = 0; n < BATCH; n++) sum += Math.abs(slopes[n * WIDTH + j]);
    return sum / BATCH;
  });
