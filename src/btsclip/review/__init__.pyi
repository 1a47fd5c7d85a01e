from .report import write_page as write_page
from .serve import serve_review as serve_review
