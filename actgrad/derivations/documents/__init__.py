"""The derivations that the book cites, each under its own name, in book order."""

from collections.abc import Callable, Mapping

from actgrad.derivations._derivation import Derivation
from actgrad.derivations.documents._layer import (
    layer_gradient_of_biases,
    layer_gradient_of_inputs,
    layer_gradient_of_weights,
)
from actgrad.derivations.documents._linear import linear_derivative
from actgrad.derivations.documents._normal import normal_density, normal_distribution
from actgrad.derivations.documents._product_and_quotient import (
    product_rule_by_difference_quotient,
    quotient_rule_from_product_and_chain,
)
from actgrad.derivations.documents._relu import relu_by_cases, relu_from_piecewise, relu_vjp
from actgrad.derivations.documents._sigmoid import (
    sigmoid_by_chain_rule,
    sigmoid_by_difference_of_squares,
    sigmoid_by_quotient_rule,
    sigmoid_from_probability,
    sigmoid_vjp,
)
from actgrad.derivations.documents._softmax import (
    softmax_by_kronecker_delta,
    softmax_diagonal,
    softmax_jacobian,
    softmax_jacobian_of_a_batch,
    softmax_off_diagonal,
    softmax_shift_invariance,
    softmax_vjp,
    softmax_vjp_of_a_batch,
)
from actgrad.derivations.documents._softplus import softplus_derivative, softplus_with_beta
from actgrad.derivations.documents._tanh import (
    tanh_as_scaled_sigmoid,
    tanh_by_doubled_exponential,
    tanh_by_exponentials,
    tanh_by_hyperbolic_functions,
    tanh_by_sigmoid,
    tanh_vjp,
)

_IN_ORDER: tuple[Callable[[], Derivation], ...] = (
    layer_gradient_of_inputs,
    layer_gradient_of_weights,
    layer_gradient_of_biases,
    product_rule_by_difference_quotient,
    quotient_rule_from_product_and_chain,
    sigmoid_by_chain_rule,
    sigmoid_by_quotient_rule,
    sigmoid_by_difference_of_squares,
    sigmoid_from_probability,
    sigmoid_vjp,
    tanh_by_exponentials,
    tanh_by_hyperbolic_functions,
    tanh_by_doubled_exponential,
    tanh_as_scaled_sigmoid,
    tanh_by_sigmoid,
    tanh_vjp,
    linear_derivative,
    relu_by_cases,
    relu_from_piecewise,
    relu_vjp,
    softplus_derivative,
    softplus_with_beta,
    normal_distribution,
    normal_density,
    softmax_diagonal,
    softmax_off_diagonal,
    softmax_by_kronecker_delta,
    softmax_jacobian,
    softmax_jacobian_of_a_batch,
    softmax_shift_invariance,
    softmax_vjp,
    softmax_vjp_of_a_batch,
)

DERIVATIONS: Mapping[str, Callable[[], Derivation]] = {
    function.__name__: function for function in _IN_ORDER
}

__all__ = ["DERIVATIONS", *DERIVATIONS]
