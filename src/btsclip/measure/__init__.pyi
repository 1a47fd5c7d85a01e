from . import report as report, sentences as sentences, suggest as suggest
from .run import (
    MeasureResult as MeasureResult,
    measure_returns as measure_returns,
    result_json as result_json,
)
