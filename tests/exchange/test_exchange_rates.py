from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from btsclip.exchange.rates import (
    DROP_FRAME_RATES,
    STANDARD_RATES,
    exact_rate,
    frame_at,
    parse_timecode,
    rational_time,
    seconds_of,
    timecode,
    timeline_rate,
)

DAY = 86_400


def test_drop_frame_skips_two_numbers_a_minute_except_every_tenth() -> None:
    rate = Fraction(30000, 1001)
    assert timecode(1799, rate, True) == "00:00:59;29"
    assert timecode(1800, rate, True) == "00:01:00;02"
    assert timecode(17_982, rate, True) == "00:10:00;00"
    assert timecode(107_892, rate, True) == "01:00:00;00"
    assert timecode(1800, rate, False) == "00:01:00:00"
    double = Fraction(60000, 1001)
    assert timecode(3600, double, True) == "00:01:00;04"
    assert timecode(3600, double, False) == "00:01:00:00"


@given(rate=st.sampled_from(STANDARD_RATES), drop=st.booleans(), data=st.data())
def test_timecode_and_frames_are_inverse(rate: Fraction, drop: bool, data: st.DataObject) -> None:
    drop = drop and rate in DROP_FRAME_RATES
    frame = data.draw(st.integers(0, int(DAY * rate) - 200))
    text = timecode(frame, rate, drop)
    assert parse_timecode(text, rate) == frame
    hours, minutes, seconds, frames = (int(part) for part in text.replace(";", ":").split(":"))
    assert frames < rate + 1
    if drop and minutes % 10 and not seconds:
        assert frames >= (4 if rate > 30 else 2), "a dropped number"
    # Dropped numbers keep it within two frames of the clock, else it is slow by one in a thousand.
    clock = float(frame / rate)
    timecode_seconds = hours * 3600 + minutes * 60 + seconds + frames / float(rate)
    assert abs(timecode_seconds - clock) < (0.1 + clock * 2e-6 if drop else 0.001 + clock / 999)


@given(rate=st.sampled_from(STANDARD_RATES), frame=st.integers(0, 10_000_000))
def test_frames_and_times_are_inverse(rate: Fraction, frame: int) -> None:
    assert frame_at(seconds_of(frame, rate), rate) == frame
    assert frame_at(float(seconds_of(frame, rate)), rate) == frame
    assert rational_time(frame, rate).value == frame


def test_timecode_starts_again_after_24_hours() -> None:
    assert timecode(24 * 3600 * 25 + 1, Fraction(25), False) == "00:00:00:01"
    assert timecode(24 * 107_892, Fraction(30000, 1001), True) == "00:00:00;00"


@pytest.mark.parametrize("rate", STANDARD_RATES)
def test_measured_rates_become_exact(rate: Fraction) -> None:
    for measured in (float(rate), float(rate) * 1.00001, round(float(rate), 3)):
        assert exact_rate(measured, False) == rate


def test_other_rates_are_kept_or_rounded_to_a_standard_rate() -> None:
    assert exact_rate(12.5, False) == Fraction(25, 2)
    assert exact_rate(120, False) == 120
    assert exact_rate(119.88, False) == Fraction(120000, 1001)
    assert exact_rate(29.81, True) == Fraction(30000, 1001)
    assert timeline_rate(Fraction(240)) == 60
    assert timeline_rate(Fraction(120000, 1001)) == Fraction(60000, 1001)
    assert timeline_rate(Fraction(15)) == Fraction(24000, 1001)


@pytest.mark.parametrize("text", ["00:00:00:99", "99:00:00;00"])
def test_invalid_timecode_is_harmless(text: str) -> None:
    assert parse_timecode(text, Fraction(25)) in (0, 99 * 90_000)


def test_point_marks_drop_frame_too() -> None:
    assert parse_timecode("00:01:00.02", Fraction(30000, 1001)) == 1800
    assert parse_timecode("00:01:00;02", Fraction(25)) == 1502
