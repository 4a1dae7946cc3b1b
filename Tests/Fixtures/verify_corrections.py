"""Computes the exact values of corrections.json to 40 digits: python verify_corrections.py

Needs: pip install mpmath
"""
import json
import pathlib

from mpmath import beta, betainc, findroot, mp, mpf, quad, sqrt

mp.dps = 40
FOLDER = pathlib.Path(__file__).parent


def case(folder, file, id):
    return next(c for c in json.loads((FOLDER / folder / f"{file}.json").read_text())["cases"] if c["id"] == id)


def trend_slope_se(data):
    t, y = [mpf(v) for v in data["t"]], [mpf(v) for v in data["y"]]
    n = len(t)
    mean_t, mean_y = sum(t) / n, sum(y) / n
    tt = sum((a - mean_t) ** 2 for a in t)
    slope = sum((a - mean_t) * (b - mean_y) for a, b in zip(t, y)) / tt
    rest = sum((b - mean_y - slope * (a - mean_t)) ** 2 for a, b in zip(t, y))
    return sqrt(rest / (n - 2) / tt)


def beta_difference_upper(data):
    """The 97.5 % quantile of p_B - p_A; x = s² takes the singularity of A's density at 0 away."""
    prior = data["prior"]
    (xa, na), (xb, nb) = data["arms"]
    a, b = mpf(prior["alpha"]) + xa, mpf(prior["beta"]) + na - xa
    c, d = mpf(prior["alpha"]) + xb, mpf(prior["beta"]) + nb - xb

    def below(gap):
        density = lambda s: 2 * s ** (2 * a - 1) * (1 - s * s) ** (b - 1) / beta(a, b)
        share = lambda s: betainc(c, d, 0, min(s * s + gap, mpf(1)), regularized=True)
        edge = sqrt(1 - gap)
        return quad(lambda s: density(s) * share(s), [0, edge / 2, edge, (edge + 1) / 2, 1])

    return findroot(lambda gap: below(gap) - mpf("0.975"), (mpf("0.86"), mpf("0.87")), solver="anderson")


EXACT = {("trend", "steep"): trend_slope_se, ("bayes_beta_binomial", "bb-09-2arms"): beta_difference_upper}

for row in json.loads((FOLDER / "corrections.json").read_text())["corrections"]:
    exact = EXACT[row["file"], row["id"]](case(row["folder"], row["file"], row["id"])["input"])
    off = abs(exact - mpf(row["exact"])) / abs(exact)
    print(f"{row['file']}/{row['id']}: exact {mp.nstr(exact, 20)}, written {row['exact']}, oracle {row['oracle']}")
    assert off < mpf("1e-15"), off
