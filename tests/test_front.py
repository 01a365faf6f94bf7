"""What a link to the book shows: a picture, with an absolute address or not at all."""

import struct
from types import SimpleNamespace

import pytest
from actgrad_book import front


def test_the_picture_has_the_size_that_others_show():
    drawn = front.picture("Activation Functions and Their Gradients")
    assert drawn == front.picture("Activation Functions and Their Gradients")
    assert drawn.startswith(b"\x89PNG")
    assert struct.unpack(">II", drawn[16:24]) == (1200, 630)
    assert len(drawn) < 100_000


@pytest.mark.parametrize("address", ["", "https://example.org/book/"])
def test_the_picture_is_named_and_written_where_the_address_is_known(tmp_path, address):
    (tmp_path / "_static").mkdir()
    config = SimpleNamespace(html_baseurl=address, ogp_image=None, project="Title")
    app = SimpleNamespace(
        config=config, outdir=tmp_path, builder=SimpleNamespace(format="html")
    )
    front.name_picture(app, config)
    front.draw_picture(app, None)
    assert (config.ogp_image == front.PICTURE) == bool(address)
    assert (tmp_path / front.PICTURE).is_file() == bool(address)


def test_a_card_shows_the_curve_of_its_function_or_its_words():
    assert 'class="df"' in front.sign_of("sigmoid")
    assert front.sign_of("a < b") == "<span>a &lt; b</span>"
    assert front.sign_of("") == ""
