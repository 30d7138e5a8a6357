"""scikit-learn's side of the benchmark: sklearn_worker.py STRUCTURE DATA.npy START."""

import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.mixture import GaussianMixture

warnings.filterwarnings("ignore")  # that it has not converged is what was asked for

structure, data, start = sys.argv[1:4]
points = np.load(data)
means = np.load(start + ".npy")
k, d = means.shape
kind, precisions = {
    "VVV": ("full", np.broadcast_to(np.eye(d), (k, d, d))),
    "EEE": ("tied", np.eye(d)),
    "VVI": ("diag", np.ones((k, d))),
    "VII": ("spherical", np.ones(k)),
}[structure]


def fit(iterations, tolerance):
    global model
    model = GaussianMixture(
        k, covariance_type=kind, tol=tolerance, reg_covar=0, max_iter=iterations,
        weights_init=np.full(k, 1 / k), means_init=means, precisions_init=precisions,
    )  # fmt: skip
    begin = time.perf_counter()
    model.fit(points)
    seconds = time.perf_counter() - begin
    return {
        "seconds": seconds,
        "logLikelihood": model.score(points) * len(points),
        "iterations": model.n_iter_,
    }


def predict():
    begin = time.perf_counter()
    labels = model.predict(points)
    return {"seconds": time.perf_counter() - begin, "counts": np.bincount(labels, minlength=k).tolist()}


def answer(reply):
    print(json.dumps(reply), flush=True)


answer({"version": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}"})
for line in sys.stdin:
    match line.split():
        case ["iterate", count]:
            answer(fit(int(count), 0))
        case ["converge", tolerance, limit]:
            answer(fit(int(limit), float(tolerance)))
        case ["predict"]:
            answer(predict())
