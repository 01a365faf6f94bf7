// The module that `_javascript.py` generates from `_table.py`, which says what each entry is.

type Words = Record<string, string>;

export const table: {
  /** Arity and JavaScript's own name of each function; 0 and "" where there is none. */
  functions: Record<string, [number, string]>;
  definitions: Words;
  spellings: Words;
  constants: Words;
  cases: string[];
  otherwise: string[];
  relations: string[];
  brackets: Words;
  likeFunctions: string;
  greek: Words;
  letters: string[];
  signs: Words;
  latex: Words;
  fractions: Words;
  raised: Words;
  tokens: Words;
  leftSide: string;
  messages: Words;
  noLetters: string;
  theLetters: string;
  didYouMean: string;
  theFunctions: string;
  maxLength: number;
  maxSigns: number;
  maxDepth: number;
  maxDigits: number;
  maxExponent: number;
};
