"""The whole job as a Python programmer writes it: sklearn_process.py DATA.csv MODEL OPTIONS.

OPTIONS is a JSON object: the arguments of GaussianMixture, and "start", the means to start from
with unit covariances and equal weights. With "score" in the place of OPTIONS, a model that is there
is read: logLikelihood and iterations, as JSON.
"""

import json
import pickle
import sys
import warnings

import numpy as np
import pandas
from sklearn.mixture import GaussianMixture

warnings.filterwarnings("ignore")

data, model_path, job = sys.argv[1:4]
points = pandas.read_csv(data).to_numpy()
if job == "score":
    with open(model_path, "rb") as file:
        model = pickle.load(file)
    print(json.dumps({"logLikelihood": model.score(points) * len(points), "iterations": model.n_iter_}))
    sys.exit()
options = json.loads(job)
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
with open(model_path, "wb") as file:
    pickle.dump(model, file)
