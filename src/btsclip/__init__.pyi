from .analysis import analyze as analyze
from .media import Footage as Footage, probe as probe
from .moments import Moment as Moment
from .plan import CutPlan as CutPlan
from .planning import make_plan as make_plan, render_plan as render_plan
from .version import __version__ as __version__
