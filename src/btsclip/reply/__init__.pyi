from . import make as make
from .comments import ViewerComment as ViewerComment, read_comments as read_comments
from .make import Replies as Replies
