"""Models that run on this machine as children of ours, in reading order: `pins` (the two packages, exactly), `gguf` (is
this file a model?), `shelf` (what lies in the data folder), `cage` (how the engine is started), `service` (what runs in
it), `doors` (sockets that listen), `neighbours` (one child for all processes of a data folder), `keeping` (all models
and how it stands with them) and `demo` (the scripted model, kept in the same way)."""

from runtime.local_model.demo import DemoModel
from runtime.local_model.keeping import LOCAL, LocalModels, ModelStanding, named
from runtime.local_model.shelf import LocalModel, Shelf

__all__ = ["LOCAL", "DemoModel", "LocalModel", "LocalModels", "ModelStanding", "Shelf", "named"]
