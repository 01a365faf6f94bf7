"""A dense layer and its three gradients, and enough around it to train a small network.

Everything here is immutable: a step of gradient descent returns a new network.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from actgrad.activations import Activation, Linear, LogSoftmax
from actgrad.activations._arguments import FloatArray, as_cotangent, as_float_array

__all__ = ["Dense", "DenseGradients", "Sequential", "SoftmaxCrossEntropy", "SquaredError"]


class DenseGradients(NamedTuple):
    """The three gradients of a dense layer: dL/dX, dL/dW and dL/db."""

    x: FloatArray
    weights: FloatArray
    bias: FloatArray


@dataclass(frozen=True, eq=False)
class Dense:
    r"""A dense layer, p inputs to q outputs, for any number of examples at once.

    .. math:: Z = X W + b, \qquad A = f(Z)
    .. math:: \frac{\partial L}{\partial X} = \Delta W^{\mathsf T}, \qquad
              \frac{\partial L}{\partial W} = X^{\mathsf T} \Delta, \qquad
              \frac{\partial L}{\partial b} = \sum_{\text{examples}} \Delta, \qquad
              \Delta = \frac{\partial L}{\partial Z}
              = J_f^{\mathsf T} \frac{\partial L}{\partial A}

    Parameters
    ----------
    weights : array_like of shape (p, q)
        The matrix W.
    bias : array_like of shape (q,)
        The vector b.
    activation : Activation, default Linear()
        The function f. A vector function such as softmax goes through its closed
        vector-Jacobian product like any other; no Jacobian is formed.

    Raises
    ------
    TypeError
        If the parameters do not hold real numbers or `activation` is not an Activation.
    ValueError
        If the shapes do not fit.

    Notes
    -----
    An example is a row: X has the shape (..., p) and A the shape (..., q).

    References
    ----------
    Source document 002.
    """

    weights: FloatArray
    bias: FloatArray
    activation: Activation = Linear()  # noqa: RUF009 - it is immutable

    def __post_init__(self) -> None:
        weights = as_float_array(self.weights, "weights")
        bias = as_float_array(self.bias, "bias")
        if weights.ndim != 2 or bias.shape != weights.shape[1:]:
            raise ValueError(
                f"weights of shape {weights.shape} and bias of shape {bias.shape} do not make "
                "a layer; pass shapes (p, q) and (q,)"
            )
        if not isinstance(self.activation, Activation):
            raise TypeError(
                f"activation must be an Activation, got {self.activation!r}; "
                "pass e.g. Sigmoid()"
            )
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "bias", bias)

    @classmethod
    def random(
        cls,
        inputs: int,
        outputs: int,
        activation: Activation = Linear(),  # noqa: B008 - it is immutable
        *,
        rng: np.random.Generator,
        gain: float = 1.0,
    ) -> Self:
        """Return a layer with weights from N(0, gain^2 / p) and no bias.

        Parameters
        ----------
        inputs, outputs : int
            The numbers p and q.
        activation : Activation, default Linear()
            The function f.
        rng : numpy.random.Generator
            Where the randomness comes from: the same state gives the same layer.
        gain : float, default 1.0
            With 1, Z varies as much as X. ReLU halves that, which 2 ** 0.5 makes up for.

        Returns
        -------
        Dense
            A new layer in float64.
        """
        weights = rng.normal(scale=gain / math.sqrt(inputs), size=(inputs, outputs))
        return cls(weights, np.zeros(outputs), activation)

    def __call__(self, x: ArrayLike, /) -> FloatArray:
        """Return A = f(XW + b).

        Parameters
        ----------
        x : array_like of shape (..., p)
            The examples X.

        Returns
        -------
        ndarray of shape (..., q)
            The activations A.

        Raises
        ------
        ValueError
            If the last axis of `x` is not p long.
        """
        return self.activation(self._examples(x) @ self.weights + self.bias)

    def value_and_vjp(
        self, x: ArrayLike, /
    ) -> tuple[FloatArray, Callable[[ArrayLike], DenseGradients]]:
        """Return A and the function that takes dL/dA to the three gradients.

        Parameters
        ----------
        x : array_like of shape (..., p)
            The examples X; they are kept, not copied.

        Returns
        -------
        a : ndarray of shape (..., q)
            The activations A.
        vjp : callable
            ``vjp(dL/dA)`` returns `DenseGradients`, of the shapes of X, W and b.

        Raises
        ------
        ValueError
            If the last axis of `x` is not p long.
        """
        x = self._examples(x)
        a, activation_vjp = self.activation.value_and_vjp(x @ self.weights + self.bias)

        def vjp(cotangent: ArrayLike, /) -> DenseGradients:
            g = activation_vjp(cotangent)
            rows, examples = g.reshape(-1, g.shape[-1]), x.reshape(-1, x.shape[-1])
            return DenseGradients(
                x=g @ self.weights.T,
                weights=examples.T @ rows,
                bias=rows.sum(axis=0),
            )

        return a, vjp

    def _examples(self, x: ArrayLike) -> FloatArray:
        x = as_float_array(x, "x")
        p = len(self.weights)
        if x.ndim == 0 or x.shape[-1] != p:
            raise ValueError(f"x has shape {x.shape}; pass (..., {p}), one row an example")
        return x


@dataclass(frozen=True, eq=False)
class Sequential:
    r"""Layers, each fed with the output of the one before.

    .. math:: A_0 = X, \qquad A_l = f_l(A_{l-1} W_l + b_l)

    Parameters
    ----------
    layers : sequence of Dense
        At least one layer.

    Raises
    ------
    ValueError
        If there is no layer, or one has not as many inputs as the one before has outputs.

    Notes
    -----
    Backpropagation is `value_and_vjp`: the layers forward, their VJPs backward.
    """

    layers: tuple[Dense, ...]

    def __post_init__(self) -> None:
        layers = tuple(self.layers)
        if not layers:
            raise ValueError(
                "a network needs at least one layer, got none; pass e.g. [Dense(W, b)]"
            )
        for number, (before, after) in enumerate(itertools.pairwise(layers), 1):
            outputs, inputs = before.weights.shape[1], after.weights.shape[0]
            if outputs != inputs:
                raise ValueError(
                    f"layer {number} has {outputs} outputs but layer {number + 1} has {inputs} "
                    "inputs; pass layers that fit"
                )
        object.__setattr__(self, "layers", layers)

    def __call__(self, x: ArrayLike, /) -> FloatArray:
        """Return the output of the last layer.

        Parameters
        ----------
        x : array_like of shape (..., p)
            The examples.

        Returns
        -------
        ndarray of shape (..., q)
            The last layer's activations.
        """
        a = as_float_array(x, "x")
        for layer in self.layers:
            a = layer(a)
        return a

    def value_and_vjp(
        self, x: ArrayLike, /
    ) -> tuple[FloatArray, Callable[[ArrayLike], tuple[DenseGradients, ...]]]:
        """Return the output and the function that backpropagates dL/dA through all layers.

        Parameters
        ----------
        x : array_like of shape (..., p)
            The examples.

        Returns
        -------
        a : ndarray of shape (..., q)
            The last layer's activations.
        vjp : callable
            ``vjp(dL/dA)`` returns one `DenseGradients` a layer, in the order of the layers;
            the first one's ``x`` is dL/dX.
        """
        a = as_float_array(x, "x")
        vjps = []
        for layer in self.layers:
            a, layer_vjp = layer.value_and_vjp(a)
            vjps.append(layer_vjp)

        def vjp(cotangent: ArrayLike, /) -> tuple[DenseGradients, ...]:
            gradients = []
            for layer_vjp in reversed(vjps):
                gradients.append(layer_vjp(cotangent))
                cotangent = gradients[-1].x
            return tuple(reversed(gradients))

        return a, vjp

    def descend(self, gradients: Sequence[DenseGradients], rate: float) -> "Sequential":
        r"""Return the network one step of plain gradient descent further.

        .. math:: W \leftarrow W - \eta \, \frac{\partial L}{\partial W}, \qquad
                  b \leftarrow b - \eta \, \frac{\partial L}{\partial b}

        Parameters
        ----------
        gradients : sequence of DenseGradients
            One for each layer, as ``vjp`` of `value_and_vjp` returns them.
        rate : float
            The learning rate, above 0.

        Returns
        -------
        Sequential
            A new network.

        Raises
        ------
        ValueError
            If there are not as many gradients as layers, or `rate` is not positive.
        """
        if len(gradients) != len(self.layers):
            raise ValueError(
                f"got {len(gradients)} gradients for {len(self.layers)} layers; "
                "pass one for each"
            )
        if not 0 < rate < math.inf:
            raise ValueError(f"rate must be positive and finite, got {rate!r}; pass e.g. 0.1")
        return Sequential(
            tuple(
                Dense(
                    layer.weights - rate * gradient.weights,
                    layer.bias - rate * gradient.bias,
                    layer.activation,
                )
                for layer, gradient in zip(self.layers, gradients, strict=True)
            )
        )


@dataclass(frozen=True)
class SquaredError:
    r"""Half the squared distance to the targets, averaged over the N examples.

    .. math:: L = \frac{1}{2N} \sum_{r,i} (y_{ri} - t_{ri})^2, \qquad
              \frac{\partial L}{\partial y} = \frac{1}{N} (y - t)

    Notes
    -----
    An example is a row along the last axis.
    """

    def __call__(self, y: ArrayLike, targets: ArrayLike, /) -> float:
        """Return the loss L; the parameters are those of `value_and_gradient`."""
        return self.value_and_gradient(y, targets)[0]

    def value_and_gradient(
        self, y: ArrayLike, targets: ArrayLike, /
    ) -> tuple[float, FloatArray]:
        """Return the loss L and dL/dy.

        Parameters
        ----------
        y : array_like of shape (..., q)
            The outputs of a network.
        targets : array_like that broadcasts to the shape of `y`
            What they should be.

        Returns
        -------
        loss : float
            L, not negative.
        gradient : ndarray of the shape of `y`
            dL/dy.

        Raises
        ------
        ValueError
            If there is no example, or `targets` does not fit.
        """
        y = np.atleast_1d(as_float_array(y, "y"))
        difference = y - as_cotangent(targets, y.shape)
        examples = math.prod(y.shape[:-1])
        if examples == 0:
            raise ValueError(f"y of shape {y.shape} holds no example; pass at least one row")
        return float(np.sum(difference**2)) / (2 * examples), difference / examples


@dataclass(frozen=True)
class SoftmaxCrossEntropy:
    r"""Softmax and the cross-entropy to class labels in one, averaged over the N examples.

    .. math:: L = \frac{1}{N} \sum_r \ln \sum_j e^{z_{rj} - z_{r t_r}}, \qquad
              \frac{\partial L}{\partial z_{ri}} = \frac{1}{N} (y_{ri} - \delta_{i t_r}), \qquad
              y_r = \operatorname{softmax}(z_r)

    Notes
    -----
    The network's last layer is linear: this loss takes its output z, the logits. Fused, the
    gradient needs no logarithm of a rounded probability and no division by it: from y alone,
    a probability that underflows to 0 would make the loss infinite and the gradient NaN. Where
    the true class is the likeliest, y - 1 is computed as minus the sum of the other
    probabilities, so that the gradient of a confident, right answer keeps its digits.
    """

    def __call__(self, z: ArrayLike, labels: ArrayLike, /) -> float:
        """Return the loss L; the parameters are those of `value_and_gradient`."""
        return self.value_and_gradient(z, labels)[0]

    def value_and_gradient(
        self, z: ArrayLike, labels: ArrayLike, /
    ) -> tuple[float, FloatArray]:
        """Return the loss L and dL/dz.

        Parameters
        ----------
        z : array_like of shape (..., k)
            The logits of k classes.
        labels : array_like of integers, shape (...)
            The index of the true class of each example, 0 to k - 1.

        Returns
        -------
        loss : float
            L, not negative.
        gradient : ndarray of the shape of `z`
            dL/dz; each row sums to 0.

        Raises
        ------
        ValueError
            If there is no example, or `labels` has the wrong shape or holds no class indices.
        """
        z = as_float_array(z, "z")
        true = self._class_indices(labels, z.shape)[..., np.newaxis]
        y, vjp = LogSoftmax().value_and_vjp(z)
        losses = -np.take_along_axis(y, true, axis=-1)
        g = np.zeros_like(y)
        np.put_along_axis(g, true, -1 / losses.size, axis=-1)
        return float(np.mean(losses)), vjp(g)

    @staticmethod
    def _class_indices(labels: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.intp]:
        indices = np.asarray(labels)
        classes = shape[-1]
        if indices.dtype.kind not in "iu" or indices.shape != shape[:-1] or not indices.size:
            raise ValueError(
                f"labels must be class indices of shape {shape[:-1]}, at least one, got dtype "
                f"{indices.dtype} and shape {indices.shape}; for one-hot rows pass "
                "labels.argmax(axis=-1)"
            )
        if indices.min() < 0 or indices.max() >= classes:
            raise ValueError(
                f"labels must lie in 0 ... {classes - 1}, "
                f"got {indices.min()} to {indices.max()}"
            )
        return indices.astype(np.intp)
