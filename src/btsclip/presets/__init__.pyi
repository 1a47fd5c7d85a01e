from .brand import (
    BRAND_NAME as BRAND_NAME,
    apply_brand as apply_brand,
    faint_texts as faint_texts,
    look_files as look_files,
    read_brand as read_brand,
)
from .colors import light_and_dark as light_and_dark
from .load import (
    PresetListing as PresetListing,
    create_preset as create_preset,
    find_faults as find_faults,
    find_preset as find_preset,
    list_presets as list_presets,
    load_preset as load_preset,
    preset_folders as preset_folders,
    preset_names as preset_names,
    write_own as write_own,
)
from .schema import (
    Layout as Layout,
    Output as Output,
    Pacing as Pacing,
    Preset as Preset,
    Quota as Quota,
    Sound as Sound,
    Watermark as Watermark,
)
from .texts import (
    Captions as Captions,
    CommentStyle as CommentStyle,
    Kind as Kind,
    StickerStyle as StickerStyle,
    TextStyle as TextStyle,
    alternatives as alternatives,
    template_fields as template_fields,
)
from .toml_errors import explain_fault as explain_fault, line_of as line_of, read_toml as read_toml
from .write import json_schema as json_schema, resolved_toml as resolved_toml
