"""Is an expression zero? Decided exactly, by naming exponentials and cancelling.

Hyperbolic and trigonometric functions become exponentials; each independent exponential,
logarithm, root and opaque function becomes one symbol; what remains is a rational function,
and a rational function is zero when its numerator is, after the roots are reduced
(a symbol R for the square root of b satisfies R^2 = b).

A *yes* is a proof. A *no* only says that this method does not see it.
"""

from __future__ import annotations

from functools import reduce

import sympy
from sympy import Poly, Rational, Symbol

from actgrad.derivations._expression import Expr

_AS_EXPONENTIALS = (
    *(sympy.sinh, sympy.cosh, sympy.tanh, sympy.sech, sympy.csch, sympy.coth),
    *(sympy.sin, sympy.cos, sympy.tan, sympy.sec, sympy.csc, sympy.cot),
)


def is_zero(expression: Expr) -> bool:
    """Return True if the expression is proved to be zero; False says nothing."""
    if expression == 0:
        return True
    if expression.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
        return False
    return _Names().is_zero(expression)


class _Names:
    """One symbol for each independent quantity of an expression."""

    def __init__(self) -> None:
        self.symbols: dict[tuple[str, Expr], Symbol] = {}
        self.meanings: dict[Symbol, Expr] = {}
        self.roots: dict[Symbol, Expr] = {}

    def name(self, kind: str, key: Expr, meaning: Expr) -> Symbol:
        if (kind, key) not in self.symbols:
            symbol = Symbol(f"{kind}{len(self.symbols)}", positive=True)
            self.symbols[kind, key] = symbol
            self.meanings[symbol] = meaning
        return self.symbols[kind, key]

    def is_zero(self, expression: Expr) -> bool:
        rational = self.rational(expression)
        numerator, _ = sympy.fraction(sympy.together(rational))
        relations = []
        for symbol in self.symbols.values():
            powers = [p.exp for p in rational.atoms(sympy.Pow) if p.base == symbol]
            powers += [
                p.exp
                for base in self.roots.values()
                for p in base.atoms(sympy.Pow)
                if p.base == symbol
            ]
            order = reduce(sympy.ilcm, (p.q for p in powers if p.is_Rational), 1)
            if symbol in self.roots:
                relations.append((symbol, order, self.roots[symbol]))
            if order > 1:
                numerator = numerator.subs(symbol, symbol**order)
                relations = [
                    (s, n, base.subs(symbol, symbol**order)) for s, n, base in relations
                ]
        numerator, _ = sympy.fraction(sympy.together(sympy.expand(numerator)))
        # The newest root first: an older one may stand below it.
        for symbol, order, base in reversed(relations):
            numerator = self.reduced(numerator, symbol, order, base)
        return bool(sympy.expand(numerator) == 0)

    @staticmethod
    def reduced(numerator: Expr, symbol: Symbol, order: int, base: Expr) -> Expr:
        """Return the numerator with symbol^order replaced by base."""
        result = sympy.S.Zero
        for (power,), coefficient in Poly(sympy.expand(numerator), symbol).terms():
            full, rest = divmod(power, order)
            result += coefficient * symbol**rest * base**full
        numerator, _ = sympy.fraction(sympy.together(result))
        return numerator

    def canonical(self, expression: Expr) -> Expr:
        return sympy.cancel(sympy.together(self.rational(expression)))

    def rational(self, e: Expr) -> Expr:
        """Return the expression as a rational function of the named quantities."""
        if e.is_Rational or e.is_Symbol or e is sympy.I:
            return e
        if isinstance(e, sympy.Add):
            return sympy.Add(*map(self.rational, e.args))
        if isinstance(e, sympy.Mul):
            return sympy.Mul(*map(self.rational, e.args))
        if isinstance(e, sympy.exp):
            return self.exponential(self.rational(e.args[0]))
        if e is sympy.E:
            return self.exponential(sympy.S.One)
        if isinstance(e, sympy.Pow):
            return self.power(*e.args)
        if isinstance(e, sympy.log):
            return self.logarithm(self.canonical(e.args[0]))
        if isinstance(e, _AS_EXPONENTIALS):
            return self.rational(e.rewrite(sympy.exp))
        if isinstance(e, sympy.erfc):
            return 1 - self.rational(sympy.erf(e.args[0]))
        if isinstance(e, sympy.Function):
            key = e.func(*map(self.canonical, e.args), evaluate=False)
            return self.name("F", key, e)
        return self.name("A", e, e)

    def exponential(self, exponent: Expr) -> Expr:
        """Return e^exponent as a product of powers of independent exponentials."""
        product: Expr = sympy.S.One
        for term in _terms(exponent):
            number, rest = _rational_factor(term)
            meaning = self.meanings.get(rest)
            if isinstance(meaning, sympy.log):
                product *= self.root(meaning.args[0], number)
            else:
                symbol = self.name("E", rest, sympy.exp(self.restored(rest)))
                product *= symbol**number
        return product

    def power(self, base: Expr, exponent: Expr) -> Expr:
        if exponent.is_Integer:
            return self.rational(base) ** exponent
        if exponent.is_Rational:
            return self.root(base, exponent)
        # base^exponent is e^(exponent ln base) by definition, whatever the branch.
        canonical = self.canonical(base)
        logarithm = (
            self.logarithm(canonical)
            if base.is_positive
            else self.name("L", canonical, sympy.log(base))
        )
        return self.exponential(sympy.expand(self.rational(exponent) * logarithm))

    def root(self, base: Expr, exponent: Expr) -> Expr:
        if exponent.is_Integer:
            return self.rational(base) ** exponent
        canonical = self.canonical(base)
        if canonical.is_Symbol and canonical in self.meanings and canonical not in self.roots:
            return canonical**exponent
        outside, inside = self.squares(canonical) if exponent.q == 2 else (1, canonical)
        if outside != 1:
            rest = self.root(self.restored(inside), exponent) if inside != 1 else 1
            return outside ** (2 * exponent) * rest
        symbol = self.name("R", canonical, base)
        self.roots[symbol] = canonical
        return symbol**exponent

    def squares(self, canonical: Expr) -> tuple[Expr, Expr]:
        """Return what comes out of a square root, where its sign is known, and what stays."""
        outside: Expr = sympy.S.One
        for part, side in zip(sympy.fraction(canonical), (1, -1), strict=True):
            for factor, power in sympy.factor_list(part)[1]:
                meaning = self.restored(factor)
                if power > 1 and (meaning.is_positive or meaning.is_negative):
                    size = factor if meaning.is_positive else -factor
                    outside *= size ** (side * (power // 2))
        return outside, sympy.cancel(canonical / outside**2) if outside != 1 else canonical

    def logarithm(self, canonical: Expr) -> Expr:
        """Return ln as a sum over the factors of its argument, where all are positive."""
        constant, factors = sympy.factor_list(sympy.numer(canonical))
        below, divisors = sympy.factor_list(sympy.denom(canonical))
        pieces = [(f, n) for f, n in factors] + [(f, -n) for f, n in divisors]
        constant = constant / below
        whole = sympy.log(self.restored(canonical))
        if not (constant.is_Rational and constant.is_positive):
            return self.name("L", canonical, whole)
        total: Expr = sympy.S.Zero
        for prime, power in sympy.factorrat(constant).items() if constant != 1 else ():
            total += power * self.name("L", sympy.Integer(prime), sympy.log(prime))
        for factor, power in pieces:
            meaning = self.restored(factor)
            if not meaning.is_positive:
                return self.name("L", canonical, whole)
            base, number = factor.as_base_exp()
            if base.is_Symbol and isinstance(self.meanings.get(base), sympy.exp):
                total += power * number * self.rational(self.meanings[base].args[0])
            else:
                total += power * self.name("L", factor, sympy.log(meaning))
        return total

    def restored(self, expression: Expr) -> Expr:
        """Return the expression with names replaced by what they stand for."""
        names = {s: m for s, m in self.meanings.items() if expression.has(s)}
        return expression.xreplace(names) if names else expression


def _terms(exponent: Expr) -> tuple[Expr, ...]:
    numerator, denominator = sympy.fraction(sympy.cancel(sympy.together(exponent)))
    return tuple(term / denominator for term in sympy.Add.make_args(sympy.expand(numerator)))


def _rational_factor(term: Expr) -> tuple[Rational, Expr]:
    number, rest = term.as_coeff_Mul(rational=True)
    return number, rest
