"""The classical slips, one object each: a false statement, what to say to it, an example.

`check_line` tries them on the line above. A new slip is a new object here, and nothing else.
"""

from __future__ import annotations

from actgrad.derivations import rules
from actgrad.derivations._slip import Slip

# Calculus

INNER_FORGOTTEN = Slip(
    "inner derivative forgotten",
    rules.CHAIN,
    "D(f(u(x)), x) = f'(u(x))",
    "The inner derivative was forgotten.",
    "Which function stands inside, and how fast does it grow?",
    ("D(e^(x^2), x)", "e^(x^2)"),
)
SIGN_OF_INNER_LOST = Slip(
    "sign of the inner function lost",
    rules.CHAIN,
    "D(f(-u(x)), x) = f'(-u(x))*D(u(x), x)",
    "The minus of the inner function was lost: its derivative has a minus too.",
    "What is the derivative of the inner function, sign included?",
    ("D(cos(-x^2), x)", "-sin(-x^2)*2*x"),
)
DERIVATIVE_INSIDE = Slip(
    "derivative taken inside",
    rules.CHAIN,
    "D(f(u(x)), x) = f'(D(u(x), x))",
    "The inner function was replaced by its derivative; it stays inside, and its derivative "
    "stands beside as a factor.",
    "The outer derivative is taken at the inner function itself.",
    ("D(sin(x^2), x)", "cos(2*x)"),
)
OUTER_AT_X = Slip(
    "outer derivative taken at x",
    rules.CHAIN,
    "D(f(u(x)), x) = f'(x)*D(u(x), x)",
    "The outer derivative was taken at x, not at the inner function.",
    "What stood inside the outer function must still stand inside its derivative.",
    ("D(sin(x^2), x)", "cos(x)*2*x"),
)
FUNCTION_KEPT = Slip(
    "function not differentiated",
    rules.CHAIN,
    "D(f(x), x) = f(x)",
    "The function was kept as it is; it has to be differentiated.",
    "Only e^x is its own derivative.",
    ("x*D(sin(x), x)", "x*sin(x)"),
)
OUTER_KEPT = Slip(
    "outer function not differentiated",
    rules.CHAIN,
    "D(f(u(x)), x) = f(u(x))*D(u(x), x)",
    "The outer function was kept as it is; it has to be differentiated too.",
    "What is the derivative of the outer function, with the inner one left alone?",
    ("D(sin(x^2), x)", "sin(x^2)*2*x"),
)
PRODUCT_OF_DERIVATIVES = Slip(
    "product of the derivatives",
    rules.PRODUCT,
    "D(u(x)*v(x), x) = D(u(x), x)*D(v(x), x)",
    "The derivative of a product is not the product of the derivatives.",
    "Differentiate one factor at a time and keep the other.",
    ("D(x^2*sin(x), x)", "2*x*cos(x)"),
)
ONE_TERM_OF_PRODUCT = Slip(
    "one term of the product rule forgotten",
    rules.PRODUCT,
    "D(u(x)*v(x), x) = D(u(x), x)*v(x)",
    "Only one factor was differentiated: a term of the product rule is missing.",
    "The product rule has a term for each factor.",
    ("D(x^2*sin(x), x)", "x^2*cos(x)"),
)
MINUS_IN_PRODUCT = Slip(
    "minus in the product rule",
    rules.PRODUCT,
    "D(u(x)*v(x), x) = D(u(x), x)*v(x) - u(x)*D(v(x), x)",
    "The terms of the product rule are added; the minus belongs to the quotient rule.",
    "Which rule has a minus, and which a plus?",
    ("D(x^2*sin(x), x)", "2*x*sin(x) - x^2*cos(x)"),
)
QUOTIENT_SWAPPED = Slip(
    "quotient rule in the wrong order",
    rules.QUOTIENT,
    "D(u(x)/v(x), x) = (u(x)*D(v(x), x) - v(x)*D(u(x), x))/v(x)^2",
    "The two terms of the quotient rule were swapped: the sign is wrong.",
    "Which of the two is differentiated in the term that comes first?",
    ("D(sin(x)/x, x)", "(sin(x) - x*cos(x))/x^2"),
)
PLUS_IN_QUOTIENT = Slip(
    "plus in the quotient rule",
    rules.QUOTIENT,
    "D(u(x)/v(x), x) = (v(x)*D(u(x), x) + u(x)*D(v(x), x))/v(x)^2",
    "The quotient rule has a minus between its two terms.",
    "Which rule has a minus, and which a plus?",
    ("D(sin(x)/x, x)", "(x*cos(x) + sin(x))/x^2"),
)
DENOMINATOR_NOT_SQUARED = Slip(
    "denominator not squared",
    rules.QUOTIENT,
    "D(u(x)/v(x), x) = (v(x)*D(u(x), x) - u(x)*D(v(x), x))/v(x)",
    "The denominator of the quotient rule is squared.",
    "Look at what stands below the bar.",
    ("D(sin(x)/x, x)", "(x*cos(x) - sin(x))/x"),
)
QUOTIENT_OF_DERIVATIVES = Slip(
    "quotient of the derivatives",
    rules.QUOTIENT,
    "D(u(x)/v(x), x) = D(u(x), x)/D(v(x), x)",
    "The derivative of a quotient is not the quotient of the derivatives.",
    "Use the quotient rule: two terms above the bar.",
    ("D(sin(x)/(1 + x^2), x)", "cos(x)/(2*x)"),
)
RECIPROCAL_SIGN = Slip(
    "minus of the reciprocal rule lost",
    rules.RECIPROCAL,
    "D(1/v(x), x) = D(v(x), x)/v(x)^2",
    "The derivative of 1/v begins with a minus, which was lost.",
    "Where v grows, does 1/v grow or fall?",
    ("D(1/(1 + e^x), x)", "e^x/(1 + e^x)^2"),
)
RECIPROCAL_NOT_SQUARED = Slip(
    "denominator of the reciprocal rule not squared",
    rules.RECIPROCAL,
    "D(1/v(x), x) = -D(v(x), x)/v(x)",
    "Below the bar of the reciprocal rule stands the square.",
    "Write 1/v as a power of v: which exponent is left?",
    ("D(1/(1 + e^x), x)", "-e^x/(1 + e^x)"),
)
RECIPROCAL_OF_DERIVATIVE = Slip(
    "reciprocal of the derivative",
    rules.RECIPROCAL,
    "D(1/v(x), x) = 1/D(v(x), x)",
    "The derivative of 1/v is not 1 over the derivative of v.",
    "Write 1/v as a power of v, or use the quotient rule.",
    ("D(1/(1 + x^3), x)", "1/(3*x^2)"),
)
RECIPROCAL_AS_LOGARITHM = Slip(
    "reciprocal integrated",
    rules.RECIPROCAL,
    "D(1/x, x) = log(x)",
    "The logarithm is what 1/x is the derivative of: this was integrated.",
    "Write 1/x as a power of x.",
    ("D(1/x, x)", "log(x)"),
)
EXPONENT_NOT_LOWERED = Slip(
    "exponent not lowered",
    rules.POWER,
    "D(u(x)^b, x) = b*u(x)^b*D(u(x), x)",
    "The exponent came down as a factor, and the power was not lowered by one.",
    "What is left of the power once one factor is taken?",
    ("D(x^3, x)", "3*x^3"),
)
EXPONENT_NOT_BROUGHT_DOWN = Slip(
    "exponent not brought down",
    rules.POWER,
    "D(u(x)^b, x) = u(x)^(b - 1)*D(u(x), x)",
    "The power was lowered, and the exponent did not come down as a factor.",
    "Where did the old exponent go?",
    ("D(x^3, x)", "x^2"),
)
EXPONENT_RAISED = Slip(
    "exponent raised instead of lowered",
    rules.POWER,
    "D(u(x)^b, x) = b*u(x)^(b + 1)*D(u(x), x)",
    "The exponent grew by one; it falls by one, also where it is negative.",
    "Compute the exponent minus 1, sign included.",
    ("D(x^(-2), x)", "-2*x^(-1)"),
)
POWER_INTEGRATED = Slip(
    "power integrated",
    rules.POWER,
    "D(x^b, x) = x^(b + 1)/(b + 1)",
    "This was integrated instead of differentiated.",
    "In a derivative the exponent falls.",
    ("D(x^3, x)", "x^4/4"),
)
POWER_RULE_ON_EXPONENTIAL = Slip(
    "power rule used on an exponential",
    rules.EXPONENTIAL,
    "D(e^u(x), x) = u(x)*e^(u(x) - 1)",
    "The power rule is for a variable below; here the variable is in the exponent.",
    "Is the variable in the base or in the exponent?",
    ("D(e^(2*x), x)", "2*x*e^(2*x - 1)"),
)
POWER_RULE_ON_A_BASE = Slip(
    "power rule used on a base with the variable above",
    rules.EXPONENTIAL_OF_A_BASE,
    "D(a^u(x), x) = u(x)*a^(u(x) - 1)",
    "The power rule is for a variable below; here the variable is in the exponent.",
    "Is the variable in the base or in the exponent?",
    ("D(2^x, x)", "x*2^(x - 1)"),
)
LOGARITHM_OF_BASE_FORGOTTEN = Slip(
    "logarithm of the base forgotten",
    rules.EXPONENTIAL_OF_A_BASE,
    "D(a^u(x), x) = a^u(x)*D(u(x), x)",
    "Only e^x is its own derivative; another base brings its logarithm as a factor.",
    "Write the power with base e first.",
    ("D(2^x, x)", "2^x"),
)
LOGARITHM_AT_DERIVATIVE = Slip(
    "derivative of the logarithm without its argument",
    rules.LOGARITHM,
    "D(log(u(x)), x) = D(u(x), x)",
    "The argument of the logarithm has to stand below the bar.",
    "What is the derivative of ln u with respect to u?",
    ("D(log(1 + x^2), x)", "2*x"),
)
LOGARITHM_SQUARED = Slip(
    "derivative of the logarithm with a square",
    rules.LOGARITHM,
    "D(log(u(x)), x) = D(u(x), x)/u(x)^2",
    "The derivative of the logarithm is the reciprocal; this has the square of the argument.",
    "The square belongs to the derivative of 1/u.",
    ("D(log(1 + x^2), x)", "2*x/(1 + x^2)^2"),
)
CONSTANT_AS_ONE = Slip(
    "derivative of a constant taken for 1",
    rules.CONSTANT,
    "D(b, x) = 1",
    "The derivative of a constant is 0; 1 is that of the variable itself.",
    "How fast does a constant change?",
    ("x + D(5, x)", "x + 1"),
)
CONSTANT_KEPT = Slip(
    "constant kept",
    rules.CONSTANT,
    "D(b, x) = b",
    "A constant was kept; its derivative is 0.",
    "How fast does a constant change?",
    ("D(3 + x^2, x)", "3 + 2*x"),
)
FACTOR_DROPPED = Slip(
    "constant factor dropped",
    rules.CONSTANT_MULTIPLE,
    "D(b*u(x), x) = D(u(x), x)",
    "A constant factor stays in front of the derivative; here it was dropped.",
    "Which number multiplies the function?",
    ("D(5*sin(x), x)", "cos(x)"),
)
FACTOR_TAKEN_TO_ZERO = Slip(
    "constant factor differentiated to 0",
    rules.CONSTANT_MULTIPLE,
    "D(b*u(x), x) = 0",
    "The constant factor was differentiated, and everything became 0; it stays as a factor.",
    "A constant term vanishes, a constant factor stays.",
    ("x + D(5*sin(x), x)", "x + 0"),
)
FACTOR_ADDED = Slip(
    "constant factor added",
    rules.CONSTANT_MULTIPLE,
    "D(b*u(x), x) = b + D(u(x), x)",
    "The constant factor was added; it multiplies.",
    "Factors stay factors.",
    ("D(5*sin(x), x)", "5 + cos(x)"),
)
SUM_AS_PRODUCT = Slip(
    "derivatives of the terms multiplied",
    rules.SUM,
    "D(u(x) + v(x), x) = D(u(x), x)*D(v(x), x)",
    "The derivatives of the terms of a sum are added, not multiplied.",
    "Go term by term, with the signs that stand there.",
    ("D(x^2 + sin(x), x)", "2*x*cos(x)"),
)
COSINE_SIGN = Slip(
    "minus of the cosine's derivative lost",
    rules.COSINE,
    "D(cos(u(x)), x) = sin(u(x))*D(u(x), x)",
    "The derivative of the cosine is minus the sine.",
    "Just after 0, does the cosine grow or fall?",
    ("D(cos(x), x)", "sin(x)"),
)
SINE_SIGN = Slip(
    "minus put to the sine's derivative",
    rules.SINE,
    "D(sin(u(x)), x) = -cos(u(x))*D(u(x), x)",
    "The derivative of the sine is the cosine, without a minus.",
    "At 0, does the sine grow or fall?",
    ("D(sin(x), x)", "-cos(x)"),
)
COSH_SIGN = Slip(
    "minus put to the hyperbolic cosine's derivative",
    rules.HYPERBOLIC_COSINE,
    "D(cosh(u(x)), x) = -sinh(u(x))*D(u(x), x)",
    "The derivative of the hyperbolic cosine has no minus; that of the cosine has one.",
    "For x > 0, does cosh grow or fall?",
    ("D(cosh(x), x)", "-sinh(x)"),
)
TANH_NOT_SQUARED = Slip(
    "square of the hyperbolic tangent forgotten",
    rules.HYPERBOLIC_TANGENT,
    "D(tanh(u(x)), x) = (1 - tanh(u(x)))*D(u(x), x)",
    "In the derivative of tanh the hyperbolic tangent is squared.",
    "The slope must be the same at x and at -x.",
    ("D(tanh(x), x)", "1 - tanh(x)"),
)
TANH_PLUS = Slip(
    "plus in the hyperbolic tangent's derivative",
    rules.HYPERBOLIC_TANGENT,
    "D(tanh(u(x)), x) = (1 + tanh(u(x))^2)*D(u(x), x)",
    "The derivative of tanh is 1 minus its square; the plus belongs to the tangent.",
    "Where tanh is flat its slope must be nearly 0.",
    ("D(tanh(x), x)", "1 + tanh(x)^2"),
)
SIGMOID_LIKE_TANH = Slip(
    "sigmoid differentiated like tanh",
    rules.KNOWN,
    "D(1/(1 + e^(-u(x))), x) = (1 - (1/(1 + e^(-u(x))))^2)*D(u(x), x)",
    "1 minus the square is the derivative of tanh; that of the sigmoid is the output times 1 "
    "minus the output.",
    "At 0 the sigmoid has the slope 1/4.",
    ("D(1/(1 + e^(-x)), x)", "1 - (1/(1 + e^(-x)))^2"),
)
ERF_WITHOUT_FACTOR = Slip(
    "factor of the error function forgotten",
    rules.ERROR_FUNCTION,
    "D(erf(u(x)), x) = e^(-u(x)^2)*D(u(x), x)",
    "The derivative of erf has the factor 2 over the root of pi.",
    "Look the error function up: what stands before its integral?",
    ("D(erf(x), x)", "e^(-x^2)"),
)
ABSOLUTE_VALUE_OF_DERIVATIVE = Slip(
    "absolute value of the derivative",
    rules.ABSOLUTE_VALUE,
    "D(abs(u(x)), x) = abs(D(u(x), x))",
    "The slope of the absolute value has the sign of what stands inside.",
    "Is |x| growing or falling where x < 0?",
    ("D(abs(x), x)", "1"),
)
MAXIMUM_OF_DERIVATIVES = Slip(
    "maximum of the derivatives",
    rules.CASES,
    "D(max(u(x), a), x) = max(D(u(x), x), 0)",
    "The derivative of a maximum is that of the part which is larger here, not the larger "
    "derivative.",
    "Go case by case: which part is the maximum there?",
    ("D(max(0, x), x)", "1"),
)

# Algebra

MINUS_TO_FIRST_TERM = Slip(
    "minus given to one term only",
    rules.EXPAND,
    "-(u(x) + v(x)) = v(x) - u(x)",
    "The minus before the bracket belongs to every term in it.",
    "Open the bracket again, term by term.",
    ("1 - (x^2 + cos(x))", "1 - x^2 + cos(x)"),
)
FACTOR_TO_ONE_TERM = Slip(
    "factor given to one term only",
    rules.EXPAND,
    "b*(u(x) + v(x)) = b*u(x) + v(x)",
    "The factor before the bracket multiplies every term in it.",
    "Open the bracket again, term by term.",
    ("3*(x^2 + cos(x))", "3*x^2 + cos(x)"),
)
SQUARE_OF_SUM = Slip(
    "middle term of the square forgotten",
    rules.EXPAND,
    "(u(x) + v(x))^2 = u(x)^2 + v(x)^2",
    "The square of a sum has a middle term, twice the product.",
    "Write the square as bracket times bracket, and multiply out.",
    ("(1 + e^x)^2", "1 + e^(2*x)"),
)
SQUARE_OF_DIFFERENCE = Slip(
    "square of a difference taken term by term",
    rules.EXPAND,
    "(u(x) - v(x))^2 = u(x)^2 - v(x)^2",
    "The square of a difference is not the difference of the squares.",
    "Write the square as bracket times bracket, and multiply out.",
    ("(1 - tanh(x))^2", "1 - tanh(x)^2"),
)
ROOT_OF_SUM = Slip(
    "root taken term by term",
    rules.POWERS,
    "sqrt(u(x) + v(x)) = sqrt(u(x)) + sqrt(v(x))",
    "The root of a sum is not the sum of the roots.",
    "Try it with 9 + 16.",
    ("sqrt(1 + e^(2*x))", "1 + e^x"),
)
FRACTION_SPLIT_BELOW = Slip(
    "fraction split in the denominator",
    rules.SPLIT_FRACTION,
    "1/(u(x) + v(x)) = 1/u(x) + 1/v(x)",
    "A fraction may be split where its numerator is a sum, not where its denominator is: "
    "1/(a + b) is not 1/a + 1/b.",
    "Which side of the bar holds the sum?",
    ("x/(1 + e^x)", "x + x/e^x"),
)
SUMMAND_CANCELLED = Slip(
    "summand cancelled",
    rules.CANCEL,
    "(a + u(x))/a = u(x)",
    "Only factors cancel; this cancels a term of a sum.",
    "Is what you cancelled a factor of the whole numerator?",
    ("(x + e^x)/x", "e^x"),
)
SUMMANDS_CANCELLED = Slip(
    "summand cancelled above and below",
    rules.CANCEL,
    "(a + u(x))/(a + v(x)) = u(x)/v(x)",
    "Only factors cancel; this cancels terms of two sums.",
    "Is what you cancelled a factor of the whole numerator and denominator?",
    ("(x + e^x)/(x + cos(x))", "e^x/cos(x)"),
)
FRACTIONS_ADDED_ACROSS = Slip(
    "fractions added above and below",
    rules.COMMON_DENOMINATOR,
    "u(x)/a + v(x)/b = (u(x) + v(x))/(a + b)",
    "Fractions are not added numerator to numerator and denominator to denominator.",
    "Bring both to a common denominator first.",
    ("sin(x)/x + e^x/cos(x)", "(sin(x) + e^x)/(x + cos(x))"),
)
POWER_OF_ONE_FACTOR = Slip(
    "power given to one factor only",
    rules.POWERS,
    "(a*u(x))^2 = a*u(x)^2",
    "The power belongs to every factor in the bracket.",
    "Write the square as bracket times bracket.",
    ("(3*x)^2", "3*x^2"),
)
EXPONENTIAL_OF_SUM = Slip(
    "exponential taken term by term",
    rules.POWERS,
    "e^(u(x) + v(x)) = e^u(x) + e^v(x)",
    "The exponential of a sum is a product, not a sum.",
    "What becomes of exponents where powers are multiplied?",
    ("e^(x + x^2)", "e^x + e^(x^2)"),
)
EXPONENTS_MULTIPLIED = Slip(
    "exponents multiplied instead of added",
    rules.POWERS,
    "e^u(x)*e^v(x) = e^(u(x)*v(x))",
    "Where powers of one base are multiplied, their exponents are added.",
    "Try it with e^1 times e^1.",
    ("e^x*e^(x^2)", "e^(x^3)"),
)
POWER_INTO_EXPONENT = Slip(
    "exponent raised to the power",
    rules.POWERS,
    "(e^u(x))^a = e^(u(x)^a)",
    "A power of a power multiplies the exponents; it does not raise one to the other.",
    "Try it with (e^3)^2.",
    ("(e^x)^2 + x", "e^(x^2) + x"),
)
NEGATIVE_EXPONENT = Slip(
    "negative exponent taken for a minus",
    rules.POWERS,
    "e^(-u(x)) = -e^u(x)",
    "A negative exponent means a reciprocal, not a minus.",
    "A power of e is never negative.",
    ("1 + e^(-x)", "1 - e^x"),
)
LOGARITHM_OF_SUM = Slip(
    "logarithm taken term by term",
    rules.POWERS,
    "log(u(x) + v(x)) = log(u(x)) + log(v(x))",
    "The logarithm of a sum is not the sum of the logarithms.",
    "Of what is the sum of two logarithms the logarithm?",
    ("log(x^2 + e^x)", "log(x^2) + x"),
)
LOGARITHM_OF_QUOTIENT = Slip(
    "logarithm of a quotient as a quotient",
    rules.POWERS,
    "log(u(x)/v(x)) = log(u(x))/log(v(x))",
    "The logarithm of a quotient is a difference, not a quotient, of logarithms.",
    "What does the logarithm make of a product?",
    ("log(e^x/(1 + x^2))", "x/log(1 + x^2)"),
)

# What is named where no other slip explains the line.

TERM_WITH_WRONG_SIGN = Slip(
    "wrong sign of a term",
    rules.ARITHMETIC,
    "u(x) + v(x) = u(x) - v(x)",
    "One term has the wrong sign.",
    "Compare the signs of both lines, term by term.",
    ("x^2 + cos(x) - 1", "x^2 - cos(x) - 1"),
    general=True,
)
SIGN_LOST = Slip(
    "minus lost",
    rules.ARITHMETIC,
    "-u(x) = u(x)",
    "A minus was lost.",
    "Compare the signs of both lines, factor by factor.",
    ("x*(-cos(x))", "x*cos(x)"),
    general=True,
)
TERM_LOST = Slip(
    "term lost",
    rules.ARITHMETIC,
    "u(x) + v(x) = u(x)",
    "A term of the line above is missing.",
    "Count the terms of both lines.",
    ("x^2 + cos(x) + e^x", "x^2 + e^x"),
    general=True,
)
FACTOR_LOST = Slip(
    "factor lost",
    rules.ARITHMETIC,
    "b*u(x) = u(x)",
    "A factor of the line above is missing.",
    "Count the factors of both lines.",
    ("x^2*cos(x)*e^x", "x^2*e^x"),
    general=True,
)
POWER_LOST = Slip(
    "power lost",
    rules.ARITHMETIC,
    "u(x)^b = u(x)",
    "A power of the line above is missing.",
    "Compare the exponents of both lines.",
    ("e^x*(1 + e^x)^2", "e^x*(1 + e^x)"),
    general=True,
)

SLIPS: tuple[Slip, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Slip)
)
