// The module that `_javascript.py` generates from the expressions of the derivations.

/** A function's parameters by name. */
export type Parameters = Record<string, number>;

/** What a slider of a parameter needs. */
export interface Parameter {
  title: string;
  min: number;
  max: number;
  step: number;
  default: number;
}

export interface ActivationFunction {
  title: string;
  value(x: number, own: Parameters): number;
  derivative(x: number, own: Parameters): number;
  kinks(own: Parameters): number[];
  parameters: Record<string, Parameter>;
}

export const functions: Record<string, ActivationFunction>;

/** The parameters of one function, each at its default. */
export function defaults(name: string): Parameters;
