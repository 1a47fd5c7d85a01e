from .export import export_json as export_json, export_plan as export_plan
from .formats import ALIASES as ALIASES, FileFormat as FileFormat
