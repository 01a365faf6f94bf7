"""Activations with a sine in them."""

from actgrad.atlas._definition import Definition, Parameter

RECORDS = (
    Definition(
        "sine",
        "Sine",
        "Sine",
        "sin(omega*x)",
        "A wave, for networks that stand for a picture, a sound or a field. "
        "Its derivatives are waves of the same kind.",
        parameters=(Parameter("omega", 1.0, slider=(0.5, 30.0, 0.5)),),
        ulp=(4, 5),
        paper="sitzmann2020",
        view=(-4.0, 4.0),
        traps=(
            "Networks of sines (SIREN) take omega = 30, where an input of 1 is nearly five "
            "turns: behind the first layer their weights start smaller by that factor.",
            "At plus and minus infinity it has no limit: value and slope are NaN there.",
        ),
    ),
    Definition(
        "snake",
        "Snake",
        "Snake",
        "x + sin(alpha*x)^2/alpha",
        "A line with a wave on it, whose frequency alpha may be learned. "
        "A network with it can go on with a period beyond the data.",
        parameters=(Parameter("alpha", 1.0, slider=(0.1, 10.0, 0.1), learned=True),),
        stable_derivative="(sin(alpha*x) + cos(alpha*x))^2",
        ulp=(4, 5),
        paper="ziyin2020",
        view=(-8.0, 8.0),
        traps=(
            "Its slope is 0 at one place in each half turn of alpha x: inputs near these "
            "places get hardly any gradient.",
            "Divided by alpha = 0 it is NaN; an alpha that is learned must stay away from 0.",
            "At plus and minus infinity its slope has no limit and is NaN.",
        ),
    ),
)
