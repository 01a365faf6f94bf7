"""Record again what the book says of other libraries, with their versions and today's date.

``python -m benchmarks.record`` asks each library that is installed (the extra ``peers``, Keras,
TensorFlow) and writes ``actgrad/data/``; the records of the others stay as they are, so
that libraries which need different environments are recorded one environment after the other.
"""

from benchmarks import accuracy, conventions, penguins, scoreboard


def main():
    accuracy.record()
    conventions.record()
    penguins.record()
    scoreboard.record()


if __name__ == "__main__":
    main()
