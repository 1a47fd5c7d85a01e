"""The pool of worker processes, with real processes."""

from __future__ import annotations

import operator

import pytest

from btsclip.batch.workers import LocalPool


def test_a_pool_that_breaks_while_it_starts_a_process_is_a_lost_worker() -> None:
    """The executor closes the pipe of its tasks while another process is being started."""
    with LocalPool(jobs=2, threads=1) as pool:
        pool._executor._call_queue._reader.close()  # type: ignore[attr-defined]
        with pytest.raises(pool.lost, match="handle is closed"):
            pool.submit(operator.add, 1, 2)
        pool.renew()
        assert pool.submit(operator.add, 1, 2).result(timeout=60) == 3
