"""The short code of a cut: stable, unique, never a word or a number, found in titles."""

from __future__ import annotations

from hypothesis import given, strategies as st

from btsclip.plan.code import code_at_end, code_of, codes_in, tag_title

CUT = st.tuples(
    st.integers(0, 10**12),
    st.floats(0, 1e5),
    st.floats(0, 1e5),
    st.floats(0, 1e5),
    st.sampled_from(["process", "mishap", "people", "why", "reveal"]),
)


@given(CUT)
def test_code_is_found_in_any_title(cut: tuple[int, float, float, float, str]) -> None:
    code = code_of(*cut)
    assert code == code_of(*cut) and len(code) == 5
    assert code[0].isdigit() and any(c.isalpha() for c in code)
    assert not set(code) & set("01258abeilosuvz")
    name = f"dough-01-process-{code}"
    assert code_at_end(name) == code and tag_title("Dough", name) == f"Dough {code}"
    for title in (f"Dough {code}", f"dough 01 process {code.upper()}", f"Rise! #{code} #bread"):
        assert codes_in(title) == [code]


def test_different_cuts_have_different_codes() -> None:
    cuts = [(10**9, 60.0, at / 10, at / 10 + 8, "process") for at in range(400)]
    assert len({code_of(*cut) for cut in cuts}) >= 399
    assert code_of(*cuts[0]) != code_of(*cuts[0][:4], "mishap")


def test_words_and_numbers_are_not_codes() -> None:
    assert not codes_in("34679 2024 4 loaves, 3 eggs; 300g of flour in 60min #7days")
    assert (
        code_at_end("dough-01-process") == "" and tag_title("Dough", "dough-01-process") == "Dough"
    )
    assert tag_title("", "dough-01-process-7hq3x") == "7hq3x"
