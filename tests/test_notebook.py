"""What the chapters show: here the progress bar."""

from actgrad import notebook


def test_progress_counts_what_is_done(monkeypatch):
    shown = []

    class Handle:
        def update(self, bar):
            shown.append(bar)

    def display(bar, display_id):
        assert display_id is True
        shown.append(bar)
        return Handle()

    monkeypatch.setattr(notebook, "display", display)
    seen = []
    for item in notebook.progress("abc", "letters"):
        assert str(shown[-1]) == f"letters: {len(seen)} of 3"
        seen.append(item)
    assert seen == list("abc")
    assert 'value="3" max="3"' in shown[-1]._repr_html_()
    assert len(shown) == 4


def test_progress_works_outside_of_a_notebook(capsys):
    assert list(notebook.progress([1, 2], "things")) == [1, 2]
    assert "things" in capsys.readouterr().out
