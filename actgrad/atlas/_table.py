"""The words of the language, as data: functions, letters, signs, limits and messages.

The JavaScript twin gets the same data as JSON, so none of it stands in two places.
"""

from __future__ import annotations

from typing import NamedTuple

MAX_LENGTH = 2000  # characters
MAX_SIGNS = 1000  # numbers, names and operators
MAX_DEPTH = 50  # brackets, powers and signs inside one another
MAX_DIGITS = 40  # of one number
MAX_EXPONENT = 400  # of a constant power, unless its base is e

# A dash: there is no such function there, and the definition below is used.
# name     spellings                arity  SymPy  NumPy    mpmath JavaScript
_FUNCTIONS = """
exp        -                        1      exp    exp      exp    exp
expm1      -                        1      -      expm1    expm1  expm1
log        ln                       1      log    log      log    log
log1p      -                        1      -      log1p    log1p  log1p
sqrt       -                        1      sqrt   sqrt     sqrt   sqrt
sin        -                        1      sin    sin      sin    sin
cos        -                        1      cos    cos      cos    cos
tan        -                        1      tan    tan      tan    tan
sec        -                        1      sec    -        sec    -
csc        cosec                    1      csc    -        csc    -
cot        -                        1      cot    -        cot    -
asin       arcsin                   1      asin   arcsin   asin   asin
acos       arccos                   1      acos   arccos   acos   acos
atan       arctan                   1      atan   arctan   atan   atan
sinh       -                        1      sinh   sinh     sinh   sinh
cosh       -                        1      cosh   cosh     cosh   cosh
tanh       -                        1      tanh   tanh     tanh   tanh
sech       -                        1      sech   -        sech   -
csch       -                        1      csch   -        csch   -
coth       -                        1      coth   -        coth   -
asinh      arcsinh,arsinh           1      asinh  arcsinh  asinh  asinh
acosh      arccosh,arcosh           1      acosh  arccosh  acosh  acosh
atanh      arctanh,artanh           1      atanh  arctanh  atanh  atanh
abs        Abs                      1      Abs    abs      fabs   abs
sign       sgn                      1      sign   sign     sign   sign
floor      -                        1      floor  floor    floor  floor
max        Max                      2+     Max    maximum  max    max
min        Min                      2+     Min    minimum  min    min
relu       ReLU                     1      -      -        -      -
sigma      sigmoid,logistic,expit   1      -      -        -      -
softplus   -                        1      -      -        -      -
erf        -                        1      erf    erf      erf    erf
erfc       -                        1      erfc   erfc     erfc   erfc
Phi        -                        1      -      -        ncdf   -
phi        -                        1      -      -        npdf   -
gamma      -                        1      gamma  gamma    gamma  gamma
"""


class Function(NamedTuple):
    """A function of the language: its spellings, its arity and its name in each library.

    An arity of 0 stands for two arguments or more; an empty name for *use the definition*.
    """

    spellings: tuple[str, ...]
    arity: int
    sympy: str
    numpy: str
    mpmath: str
    javascript: str


def _row(line: str) -> tuple[str, Function]:
    name, spellings, arity, *libraries = line.split()
    others = tuple(spellings.split(",")) if spellings != "-" else ()
    arguments = 0 if arity == "2+" else int(arity)
    sympy, numpy, mpmath, javascript = (found.replace("-", "") for found in libraries)
    return name, Function((name, *others), arguments, sympy, numpy, mpmath, javascript)


FUNCTIONS: dict[str, Function] = dict(map(_row, _FUNCTIONS.strip().splitlines()))
SPELLINGS = {
    spelling: name for name, function in FUNCTIONS.items() for spelling in function.spellings
}
DEFINITIONS = {
    "expm1": "e^x - 1",
    "log1p": "log(1 + x)",
    "sec": "1/cos(x)",
    "csc": "1/sin(x)",
    "cot": "1/tan(x)",
    "sech": "1/cosh(x)",
    "csch": "1/sinh(x)",
    "coth": "1/tanh(x)",
    "relu": "max(0, x)",
    "sigma": "1/(1 + e^(-x))",
    "softplus": "log(1 + e^x)",
    "Phi": "(1 + erf(x/sqrt(2)))/2",
    "phi": "e^(-x^2/2)/sqrt(2*pi)",
}
# Equal forms that keep their digits in floating point.
STABLE = {
    "sigma": "e^(min(0, x))/(1 + e^(-abs(x)))",
    "sech": "2*e^(-abs(x))/(1 + e^(-2*abs(x)))",
    "softplus": "max(0, x) + log1p(e^(-abs(x)))",
    "Phi": "erfc(-x/sqrt(2))/2",
}
# Those that are not here follow from the definition.
DERIVATIVES = {
    "exp": "e^x",
    "expm1": "e^x",
    "log": "1/x",
    "log1p": "1/(1 + x)",
    "sqrt": "1/(2*sqrt(x))",
    "sin": "cos(x)",
    "cos": "-sin(x)",
    "tan": "sec(x)^2",
    "asin": "1/sqrt(1 - x^2)",
    "acos": "-1/sqrt(1 - x^2)",
    "atan": "1/(1 + x^2)",
    "sinh": "cosh(x)",
    "cosh": "sinh(x)",
    "tanh": "sech(x)^2",
    "asinh": "1/sqrt(1 + x^2)",
    "acosh": "1/(sqrt(x - 1)*sqrt(x + 1))",
    "atanh": "1/(1 - x^2)",
    "abs": "sign(x)",
    "sign": "0",  # but at 0
    "sigma": "sigma(x)*sigma(-x)",
    "softplus": "sigma(x)",
    "erf": "2/sqrt(pi)*e^(-x^2)",
    "erfc": "-2/sqrt(pi)*e^(-x^2)",
    "Phi": "phi(x)",
    "phi": "-x*phi(x)",
}

CONSTANTS = {"e": "e", "E": "e", "pi": "pi"}
CASES = ("Piecewise", "piecewise", "cases")
OTHERWISE = ("otherwise", "True", "else")
RELATIONS = ("<=", ">=", "!=", "==", "<", ">")
BRACKETS = {"(": ")", "[": "]", "{": "}"}
# Before a bracket these are read as functions, which nobody has defined.
LIKE_FUNCTIONS = "fghABCDEFGHIJKLMNOPQRSTUVWXYZ"

GREEK = {
    **{"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon"},
    **{"ζ": "zeta", "η": "eta", "θ": "theta", "ϑ": "theta", "κ": "kappa", "λ": "lambda"},
    **{"μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma"},
    **{"τ": "tau", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega"},
    **{"Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Σ": "Sigma", "Φ": "Phi"},
    **{"Ψ": "Psi", "Ω": "Omega"},
}
# Words that are one letter; `lambda` is no name in Python, so many write `lam`.
LETTERS = (*dict.fromkeys(GREEK.values()), "lam")

# What the signs of print and of LaTeX stand for; an empty text is left out.
SIGNS = {
    **dict.fromkeys("−–‐‑", "-"),
    **dict.fromkeys("·×⋅∗•", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    **{"≤": "<=", "≥": ">=", "≠": "!=", "**": "^", "∣": "|"},
}
LATEX = {
    **dict.fromkeys(("cdot", "times", "ast"), "*"),
    **dict.fromkeys(("lvert", "rvert", "vert", "mid"), "|"),
    **dict.fromkeys(("le", "leq"), "<="),
    **dict.fromkeys(("ge", "geq"), ">="),
    **dict.fromkeys(("ne", "neq"), "!="),
    **dict.fromkeys(("left", "right", "quad", "qquad", "displaystyle"), ""),
    **dict.fromkeys(("frac", "dfrac", "tfrac"), "frac"),
    **{"div": "/", "lt": "<", "gt": ">", "sqrt": "√"},
    **{"varphi": "phi", "varepsilon": "epsilon", "vartheta": "theta"},
}
FRACTIONS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅙": "1/6", "⅛": "1/8"}
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿˣ", "0123456789+-nx", strict=True))

_GREEK = "".join(GREEK)
_SPACE = r"[ \t\r\n\f\v\u00a0\u2000-\u200b\u202f\u205f\u2061-\u2064\u3000]"
_TENS = r"(?:[eE][-+−]?[0-9]+)"
# Regular expressions that Python and JavaScript read alike; the first that fits is taken.
TOKENS = {
    "space": rf"{_SPACE}+|\\[,;:! ]|\\(?:left|right|quad|qquad|displaystyle)(?![A-Za-z])",
    "number": rf"[0-9]+\.?[0-9]*{_TENS}?|\.[0-9]+{_TENS}?",
    "fraction": f"[{''.join(FRACTIONS)}]",
    "raised": "[⁺⁻]?(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[ⁿˣ])",
    "name": rf"[A-Za-z][A-Za-z0-9_]*['′]*|[{_GREEK}]['′]*",
    "latex": r"\\(?:mathrm|operatorname|text)\{[A-Za-z]+\}|\\[A-Za-z]+",
    "sign": r"\*\*|<=|>=|!=|==|\\%|[-+*/^(),<>\[\]{}|=%√−–‐‑·×⋅∗•÷∕⁄≤≥≠∣]",
}
_WORD = rf"(?:\\?[A-Za-z][A-Za-z0-9_]*|[{_GREEK}])"
LEFT_SIDE = (
    rf"{_SPACE}*(?:{_WORD}['′]*{_SPACE}*(?:\({_SPACE}*{_WORD}{_SPACE}*\))?"
    rf"|d{_WORD}?{_SPACE}*/{_SPACE}*d{_WORD}|\\d?frac\{{d{_WORD}?\}}\{{d{_WORD}\}})"
    rf"{_SPACE}*=(?!=)"
)

# What was wrong and what to write instead; where it is, the reader adds.
MESSAGES = {
    "empty": "there is nothing to read: write an expression, such as x*e^(-x)",
    "length": f"{{0}} characters are too many: at most {MAX_LENGTH}",
    "signs": f"{{0}} numbers, names and signs are too many: at most {MAX_SIGNS}",
    "depth": f"nested too deeply: at most {MAX_DEPTH} levels of brackets, powers and signs",
    "digits": f"the number is too long: at most {MAX_DIGITS} digits",
    "exponent": f"the exponent is too large: at most {MAX_EXPONENT}",
    "character": "'{0}' is not part of an expression: leave it out, or write its name",
    "expected": "expected '{0}', got {1}",
    "operand": "expected a number, a name or '(', got {0}",
    "follows": "'{0}' does not follow here: write one expression",
    "equals": "write the right side alone: an equals sign stands after a left side, y = ...",
    "comma": "'{0}' may be one number or two: write it without a comma, or with a point",
    "numbers": "two numbers side by side: write one number without a space, or '*' between two",
    "number after": "a number after a factor: write '*' or '^' before it",
    "zero": "division by 0: write another denominator",
    "outside": "'{1}' does not belong in this answer: write it in {0}",
    "letter": "'{0}' is not known; {1}{2}",
    "function": "the function '{0}' is not known; {1}",
    "argument": "{0} needs an argument: write {0}(x)",
    "arity": "{0} takes {1} argument, got {2}: write {0}(x)",
    "few": "{0} takes two arguments or more: write {0}(0, x)",
    "inverse": "{0} to the power of -1 is read in two ways: write arc{0}(x) or 1/{0}(x)",
    "function power": "{0} takes a whole number as its power there: write ({0}(x))^(...)",
    "bare argument": "where the argument of {0} ends is not clear: write {0}(...)",
    "indices": "'{0}' has no indices: write {0}*(...) for a product",
    "derivative": "what d/{0} differentiates stands in brackets: write (d/{0}(x^2))^2",
    "prime argument": "{0} takes one letter here: write d/dx(...), or name the inner function",
    "prime": "'{0}' is not a name for a variable: write the derivative out",
    "name": "'{0}' is not a name for a variable: write one letter, or x_1",
    "word": "'{0}' is a word: write '*' between it and its neighbours",
    "latex": "the command '{0}' is not known: write it in plain text",
    "group": "'\\frac' needs two groups: write \\frac{a}{b}",
    "condition": "expected a condition, such as x > 0",
    "cases": "{0} needs its cases: write {0}((x, x > 0), (0, otherwise))",
    "chain": "a chain of conditions goes up: write a < x < b",
}
# The end of the message on an unknown name.
NO_LETTERS = "the answer is a number, without letters and units"
THE_LETTERS = "the letters here are {0}"
DID_YOU_MEAN = "did you mean {0}?"
THE_FUNCTIONS = "known are {0}"
