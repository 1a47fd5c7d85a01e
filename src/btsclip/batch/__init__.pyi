from . import report as report, watch as watch
from .batch import task_time_limit as task_time_limit
from .outcome import Outcome as Outcome, outcome_json as outcome_json
from .progress import Forecast as Forecast
from .run import ExecutionOptions as ExecutionOptions, run_batch as run_batch
from .scheduler import Engine as Engine, Event as Event, Failure as Failure, Task as Task
from .state import BatchOptions as BatchOptions
from .tasks import PoolReader as PoolReader
from .watch import Arrived as Arrived, Incomplete as Incomplete, WatchEvent as WatchEvent
from .workers import LocalPool as LocalPool, Pool as Pool
