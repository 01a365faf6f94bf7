"""Formulas written by hand, where those made from a record lose digits or time.

The module of a record's name holds a class ``Kernel``. Its methods take the place of those
that would be generated: ``_value(self, x)`` and ``_gradient(self, x)``, and what an
`ElementwiseActivation` may state beside them. The class's fields, its checks and its docstring
still follow from the record, so a kernel's ``self`` has the parameters by name.
"""
