// Slopes where a function has two: between the one to its left and the one to its right.
import { functions } from "./functions.js";

/** The slopes to the left and to the right of a place: those at the neighbouring numbers. */
function sides(name, x, own) {
  const step = Math.max(Number.MIN_VALUE, Math.abs(x) * Number.EPSILON);
  return [x - step, x + step].map((beside) => functions[name].derivative(beside, own));
}

/** Where f has a kink with these parameters. */
export const kinksOf = (name, own) =>
  functions[name].kinks(own).filter((kink) => {
    const [left, right] = sides(name, kink, own);
    return left !== right;
  });

/** f′(x); at a kink `weight` goes from the slope to its left, 0, to that to its right, 1. */
export function slopeOf(name, own, weight) {
  const places = functions[name].kinks(own);
  return (x) => {
    if (!places.includes(x)) return functions[name].derivative(x, own);
    const [left, right] = sides(name, x, own);
    return left === right ? left : (1 - weight) * left + weight * right;
  };
}
