"""The exercises of the book: one module a chapter, with the chapter's stem."""

from actgrad.exercises._exercise import Exercise
from actgrad.exercises.catalog import (
    backpropagation,
    differentiation_rules,
    layer_and_gradients,
    linear,
    numerical_accuracy,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
    vector_jacobian_products,
)

# In the book's order.
CHAPTERS = {
    "layer-and-gradients": layer_and_gradients.EXERCISES,
    "differentiation-rules": differentiation_rules.EXERCISES,
    "sigmoid": sigmoid.EXERCISES,
    "tanh": tanh.EXERCISES,
    "linear": linear.EXERCISES,
    "relu": relu.EXERCISES,
    "softplus": softplus.EXERCISES,
    "softmax": softmax.EXERCISES,
    "vector-jacobian-products": vector_jacobian_products.EXERCISES,
    "backpropagation": backpropagation.EXERCISES,
    "numerical-accuracy": numerical_accuracy.EXERCISES,
}

EXERCISES: dict[str, Exercise] = {
    exercise.id: exercise for exercises in CHAPTERS.values() for exercise in exercises
}
