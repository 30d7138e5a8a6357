"""Points of a Gaussian mixture, and a start for EM, from a seed.

    make_data.py N D K DISTANCE SEED PATH [--csv]

writes PATH.npy (n × d), PATH.start.npy (K × d means), PATH.start.json (the same as a model with unit
covariances and equal weights) and, on request, PATH.csv. DISTANCE is the root mean square distance
between two means; covariances are near the unit matrix, so that 3 overlaps and 30 does not.
"""

import json
import sys

import numpy as np

n, d, k = (int(word) for word in sys.argv[1:4])
distance, seed, path = float(sys.argv[4]), int(sys.argv[5]), sys.argv[6]

random = np.random.default_rng(seed)
means = random.normal(scale=distance / np.sqrt(2 * d), size=(k, d))
spreads = np.eye(d) + random.normal(scale=0.3 / np.sqrt(d), size=(k, d, d))
labels = random.integers(k, size=n)
points = random.normal(size=(n, d))
for component in range(k):
    rows = labels == component
    points[rows] = points[rows] @ spreads[component].T + means[component]
np.save(path + ".npy", points)

start = means + random.normal(scale=0.1, size=(k, d))
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
