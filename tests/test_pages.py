"""What pages leave out changes nothing that is seen or heard."""

import re

from actgrad_book.pages import IDLE, lighter_picture

from actgrad.notebook import svg


def draw(figure):
    axes = figure.subplots()
    axes.plot([0, 1.23456, 2], [0.125, 0.044715, 0.25], label="0.044715; twice: 0.08943")
    axes.set_yticks([0.125, 0.25])
    axes.legend()


def test_a_picture_loses_bytes_and_no_word():
    whole = svg(draw, "A line at 0.044715; it ends at 0.25.")
    light = lighter_picture(re.search(r"<svg.*</svg>", whole, re.S))
    assert len(light) < 0.7 * len(whole)
    words = re.compile(r'(?<=>)[^<>]*\S[^<>]*(?=</text>)|(?<=aria-label=")[^"]*')
    assert words.findall(light) == words.findall(whole)
    assert "0.044715; it" in light
    assert "<style" not in light
    assert light.count("<path") + light.count("<use") >= 6
    asked = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', light))
    assert asked == set(re.findall(r' id="([^"]+)"', light))
    assert light.count("<g") == light.count("</g")


def test_idle_elements_go_and_their_text_stays():
    page = (
        '<table><tr><td class="a"><p>one</p></td><td><p>two</p><p>three</p></td></tr></table>'
        '<code><span class="pre">x</span> <span class="pre">a-b</span></code>'
        '<em><span class="o"><span class="pre">/</span></span></em>'
        '<pre><span class="n">f</span><span class="k">def</span></pre>'
    )
    for pattern, kept in IDLE:
        page = pattern.sub(kept, page)
    assert '<td class="a">one</td><td><p>two</p><p>three</p></td>' in page
    assert '<code>x <span class="pre">a-b</span></code>' in page
    assert "<em>/</em>" in page
    assert '<pre>f<span class="k">def</span></pre>' in page
