"""Case files in and out: the only room that knows YAML."""

from sib.files.library import bundled as bundled
from sib.files.loading import load as load
from sib.files.loading import load_with_notes as load_with_notes
from sib.files.saving import save as save
