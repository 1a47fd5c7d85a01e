from .crop import CropKey as CropKey, CropSpan as CropSpan
from .face_blur import face_blur_keys as face_blur_keys, thin_keys as thin_keys
from .layout import Canvas as Canvas, Framing as Framing, frame_subject as frame_subject
from .punch_in import punch_in as punch_in
from .push_in import push_in as push_in
from .screen import (
    busy_boxes as busy_boxes,
    crop_at as crop_at,
    in_source as in_source,
    on_screen as on_screen,
)
from .subject import Subject as Subject, find_subject as find_subject
from .work_map import work_region as work_region
