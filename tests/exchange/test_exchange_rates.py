from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btsclip.exchange.rates import (
    DROPPING,
    STANDARD,
    frame_at,
    frame_of,
    nominal,
    rational,
    seconds_of,
    timecode,
    timeline_rate,
)

DAY = 86_400


def test_drop_frame_leaves_out_two_numbers_a_minute_but_each_tenth() -> None:
    rate = Fraction(30000, 1001)
    assert timecode(1799, rate, True) == "00:00:59;29"
    assert timecode(1800, rate, True) == "00:01:00;02"
    assert timecode(17_982, rate, True) == "00:10:00;00"
    assert timecode(107_892, rate, True) == "01:00:00;00"
    assert timecode(1800, rate, False) == "00:01:00:00"
    double = Fraction(60000, 1001)
    assert timecode(3600, double, True) == "00:01:00;04"
    assert timecode(3600, double, False) == "00:01:00:00"


@given(rate=st.sampled_from(STANDARD), drop=st.booleans(), data=st.data())
def test_timecode_and_frames_are_inverse(rate: Fraction, drop: bool, data: st.DataObject) -> None:
    drop = drop and rate in DROPPING
    frame = data.draw(st.integers(0, int(DAY * rate) - 200))
    text = timecode(frame, rate, drop)
    assert frame_of(text, rate) == frame
    hours, minutes, seconds, frames = (int(part) for part in text.replace(";", ":").split(":"))
    assert frames < rate + 1
    if drop and minutes % 10 and not seconds:
        assert frames >= (4 if rate > 30 else 2), "a dropped number"
    # Dropped numbers keep it within two frames of the clock, else it is slow by one in a thousand.
    clock = float(frame / rate)
    told = hours * 3600 + minutes * 60 + seconds + frames / float(rate)
    assert abs(told - clock) < (0.1 + clock * 2e-6 if drop else 0.001 + clock / 999)


@given(rate=st.sampled_from(STANDARD), frame=st.integers(0, 10_000_000))
def test_the_time_of_a_frame_leads_back_to_it(rate: Fraction, frame: int) -> None:
    assert frame_at(seconds_of(frame, rate), rate) == frame
    assert frame_at(float(seconds_of(frame, rate)), rate) == frame
    assert rational(frame, rate).value == frame


def test_a_day_begins_anew_after_24_hours() -> None:
    assert timecode(24 * 3600 * 25 + 1, Fraction(25), False) == "00:00:00:01"
    assert timecode(24 * 107_892, Fraction(30000, 1001), True) == "00:00:00;00"


@pytest.mark.parametrize("rate", STANDARD)
def test_measured_rates_are_the_exact_ones(rate: Fraction) -> None:
    for measured in (float(rate), float(rate) * 1.00001, round(float(rate), 3)):
        assert nominal(measured, False) == rate


def test_other_rates_are_kept_or_brought_to_the_nearest() -> None:
    assert nominal(12.5, False) == Fraction(25, 2)
    assert nominal(120, False) == 120
    assert nominal(119.88, False) == Fraction(120000, 1001)
    assert nominal(29.81, True) == Fraction(30000, 1001)
    assert timeline_rate(Fraction(240)) == 60
    assert timeline_rate(Fraction(120000, 1001)) == Fraction(60000, 1001)
    assert timeline_rate(Fraction(15)) == Fraction(24000, 1001)


@pytest.mark.parametrize("text", ["00:00:00:99", "99:00:00;00"])
def test_a_timecode_that_cannot_be_is_none(text: str) -> None:
    assert frame_of(text, Fraction(25)) in (0, 99 * 90_000)


def test_a_point_marks_dropped_numbers_too() -> None:
    assert frame_of("00:01:00.02", Fraction(30000, 1001)) == 1800
    assert frame_of("00:01:00;02", Fraction(25)) == 1502
