from .make import default_folder as default_folder, make_timelapses as make_timelapses
