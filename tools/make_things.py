"""Write models/scene_things.npz: the scene network's scores of some kitchen things.

Run: python tools/make_things.py WEIGHTS.pth --kept FOLDER

WEIGHTS.pth is the file in models/MODELS.md that the network was made from; its last layer names a
thousand things. The score of a thing is the output of that layer over motion, minus its mean over
the labeled takes and divided by its spread there, so that one threshold fits all things. --kept is
the folder of measurements of tools/fit_belief.py. Needs torch.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from labeled_takes import FOLDERS, ROOT, read_takes, scene_columns

from btsclip.signals.scene import CHANNELS

THINGS = ROOT / "src" / "btsclip" / "models" / "scene_things.npz"
# Classes of ImageNet, counted from 0; several are averaged.
CLASSES = {
    "pizza": [963],
    "noodles": [959],
    "a burger": [933],
    "coffee": [967],
    "an espresso machine": [550],
    "a stove": [827],
    "a frying pan": [567],
    "dough": [961],
    "pots and pans": [909, 469, 521, 544, 926, 567, 809, 659, 968, 827],
}


def main() -> None:
    """Write weights (k, CHANNELS) and biases (k,)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("weights", type=Path)
    parser.add_argument("--kept", type=Path)
    options = parser.parse_args()
    layer = torch.load(options.weights, map_location="cpu", weights_only=True)
    all_weights, bias = (layer[f"_fc.{part}"].numpy() for part in ("weight", "bias"))
    weights = np.stack([all_weights[numbers].mean(0) for numbers in CLASSES.values()])
    biases = np.array([bias[numbers].mean() for numbers in CLASSES.values()])
    rows = [scene_columns(take)[:, :CHANNELS] for take in read_takes(FOLDERS, options.kept)]
    scores = np.concatenate(rows) @ weights.T + biases
    mean, spread = scores.mean(0), scores.std(0)
    np.savez_compressed(
        THINGS,
        names=np.array(list(CLASSES)),
        weights=(weights / spread[:, None]).astype(np.float16),
        biases=((biases - mean) / spread).astype(np.float32),
    )


if __name__ == "__main__":
    main()
