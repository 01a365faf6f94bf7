// Numbers as a reader wants them.

/** Ten to a whole power, typeset: 10⁻³. */
export const powerOfTen = (power) =>
  `10${[...String(power)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("")}`;

/** The digits of a number as an index. */
export const subscript = (digits) =>
  [...String(digits)].map((d) => "₀₁₂₃₄₅₆₇₈₉"[Number(d)]).join("");

/** A number as a reader wants it: typeset minus, fixed significant digits, powers of ten. */
export function format(value, digits = 6) {
  if (Number.isNaN(value)) return "undefined";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e6)
      ? value
          .toExponential(digits - 1)
          .replace(/e([+-]\d+)/, (_, power) => ` × ${powerOfTen(Number(power))}`)
      : value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size || 1))));
  return text.replace("-", "−");
}

/** A number in little room: fixed digits, or one digit and a power of ten where they were 0. */
export function brief(value, places = 2) {
  const small = value !== 0 && Math.abs(value) < 0.95 * 10 ** -places;
  return (small ? format(value, 1).replace(" × ", "·") : value.toFixed(places))
    .replace("-", "−")
    .replace(/^−(0(\.0+)?)$/, "$1");
}

/** What is 0 but for the rounding of numbers of size `scale` is not shown as a number. */
export const upToRounding = (value, scale, shown = (_value) => "") =>
  value !== 0 && Math.abs(value) <= 16 * Number.EPSILON * scale
    ? `0 up to rounding${shown(value)}`
    : format(value);

/** The round number, 1, 2 or 5 times a power of ten, that is at least `size`. */
export function roundUp(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  return [1, 2, 5].map((m) => m * power).find((step) => step >= size * 0.999) ?? 10 * power;
}

/** Multiples of a round step carry 0.30000000000000004; a reader expects 0.3. */
export const tidy = (value) => (Number.isFinite(value) ? Number(value.toPrecision(12)) : value);

/** Round positions for ticks, about `count` of them. */
export function ticks(from, to, count) {
  const step = roundUp((to - from) / Math.max(1, count));
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const written = (value) => (places <= 4 ? value.toFixed(places) : brief(tidy(value), 0));
  return multiples(step, from, to).map((value) => ({
    value,
    text: written(value)
      .replace("-", "−")
      .replace(/^−(0(\.0+)?)$/, "$1"),
  }));
}

/** Ticks at whole powers of ten of a logarithmic axis, about `count` of them. */
export function powerTicks(from, to, count) {
  const step = Math.max(1, Math.ceil((to - from) / Math.max(1, count)));
  return multiples(step, from, to).map((value) => ({
    value,
    text: value === 0 ? "1" : powerOfTen(value),
  }));
}

/** The multiples of a step within a range. */
function multiples(step, from, to) {
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.max(0, Math.floor(to / step + 1e-9) - first + 1);
  return Array.from({ length: count }, (_, i) => (first + i) * step);
}

/** A whole number with its digits in groups of three. */
export const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
