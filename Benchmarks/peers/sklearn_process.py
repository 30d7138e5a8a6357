"""The whole job as a Python programmer writes it: sklearn_process.py DATA.csv MODEL.json OPTIONS.

OPTIONS is a JSON object: the arguments of GaussianMixture, and "start", the means to start from
with unit covariances and equal weights.
"""

import json
import sys
import warnings

import numpy as np
import pandas
from sklearn.mixture import GaussianMixture

warnings.filterwarnings("ignore")

data, model_path, options = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
points = pandas.read_csv(data).to_numpy()
start = options.pop("start", None)
if start is not None:
    means = np.load(start)
    k, d = means.shape
    options |= {
        "weights_init": np.full(k, 1 / k),
        "means_init": means,
        "precisions_init": np.broadcast_to(np.eye(d), (k, d, d)),
    }
model = GaussianMixture(**options).fit(points)
with open(model_path, "w") as file:
    json.dump(
        {
            "weights": model.weights_.tolist(),
            "means": model.means_.tolist(),
            "covariances": model.covariances_.tolist(),
            "logLikelihood": model.score(points) * len(points),
            "iterations": model.n_iter_,
        },
        file,
    )
