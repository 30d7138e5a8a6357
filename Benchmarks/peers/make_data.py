"""Points of a Gaussian mixture, and a start for EM, from a seed.

    make_data.py N D K DISTANCE SEED PATH float64|float32 [--csv]

writes PATH.npy (n × d, in parts, so that it may be larger than memory), PATH.start.npy (K × d means), PATH.start.json (the same as a model with unit
covariances and equal weights) and, on request, PATH.csv. DISTANCE is the root mean square distance
between two means; covariances are near the unit matrix, so that 3 overlaps and 30 does not.
"""

import json
import sys

import numpy as np

n, d, k = (int(word) for word in sys.argv[1:4])
distance, seed, path, precision = float(sys.argv[4]), int(sys.argv[5]), *sys.argv[6:8]
ROWS_AT_ONCE = 1_000_000

random = np.random.default_rng(seed)
means = random.normal(scale=distance / np.sqrt(2 * d), size=(k, d))
spreads = np.eye(d) + random.normal(scale=0.3 / np.sqrt(d), size=(k, d, d))
start = means + random.normal(scale=0.1, size=(k, d))

points = np.lib.format.open_memmap(path + ".npy", mode="w+", dtype=precision, shape=(n, d))
for first in range(0, n, ROWS_AT_ONCE):
    part = random.normal(size=(min(ROWS_AT_ONCE, n - first), d))
    labels = random.integers(k, size=len(part))
    for component in range(k):
        rows = labels == component
        part[rows] = part[rows] @ spreads[component].T + means[component]
    points[first : first + len(part)] = part
points.flush()

np.save(path + ".start.npy", start)
components = [
    {"weight": 1 / k, "mean": mean.tolist(), "covariance": np.eye(d).tolist()} for mean in start
]
with open(path + ".start.json", "w") as file:
    json.dump(
        {
            "format": "mixtures.model",
            "version": 1,
            "family": "gaussian",
            "structure": "VVV",
            "components": components,
        },
        file,
    )

if "--csv" in sys.argv:
    import pandas

    pandas.DataFrame(points, columns=[f"x{j + 1}" for j in range(d)]).to_csv(
        path + ".csv", index=False
    )
