"""Statistics by NumPy and SciPy, and by definition where those have none: what the program's figures are held to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats


@dataclass
class Interval:
    mean: float
    low: float | None
    high: float | None
    error: float
    method: str


def estimate(clusters: list[list[float]], weights: list[list[float]] | None = None) -> Interval:
    """The pooled mean; its 95 % interval by the clustered standard error under 20 clusters, else by BCa.

    With weights, as many as values, the weighted mean Σ w·x / Σ w.
    """
    data = [np.asarray(cluster, float) for cluster in clusters]
    shares = [np.asarray(one, float) for one in weights] if weights else [np.ones(len(one)) for one in data]
    total, groups = float(sum(one.sum() for one in shares)), len(clusters)
    pooled = float(sum((share * one).sum() for share, one in zip(shares, data)) / total)
    deviations = np.array([np.sum(share * (one - pooled)) for share, one in zip(shares, data)])
    if groups < 2:
        return Interval(pooled, None, None, float("nan"), "clustered standard error")
    error = float(np.sqrt(groups / (groups - 1) * np.sum(deviations**2)) / total)
    if groups < 20 or error < 1e-12:
        reach = float(stats.t.ppf(0.975, groups - 1)) * error
        return Interval(pooled, pooled - reach, pooled + reach, error, "clustered standard error")
    sums = np.array([np.sum(share * one) for share, one in zip(shares, data)])
    counts = np.array([np.sum(share) for share in shares])
    found = stats.bootstrap(
        (sums, counts),
        lambda s, c, axis=-1: s.sum(axis=axis) / c.sum(axis=axis),
        paired=True,
        vectorized=True,
        n_resamples=100_000,
        batch=5_000,
        method="BCa",
        rng=np.random.default_rng(20260101),
    ).confidence_interval
    return Interval(pooled, float(found.low), float(found.high), error, "paired cluster bootstrap (BCa)")


def t_interval(values: list[float]) -> list[float]:
    """95 %, of the mean of independent values."""
    reach = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)
    return [float(np.mean(values) - reach), float(np.mean(values) + reach)]


def promotion(clusters: list[list[float]]) -> tuple[bool, float, float]:
    """The rule of the promotion: Student's t and the skewness-adjusted t both beat the one-sided quantile.

    Adjusted as by Hall (1992): Johnson's statistic of 1978, with the cubic term that makes it grow with t everywhere.
    """
    groups = len(clusters)
    if groups < 10:
        return False, float("nan"), float("nan")
    sums, counts = np.array([np.sum(c) for c in clusters]), np.array([len(c) for c in clusters])
    pooled = sums.sum() / counts.sum()
    # Scaled so that the clusters' mean is the pooled mean.
    deviations = (sums - pooled * counts) * groups / counts.sum()
    t = float(pooled / np.std(deviations, ddof=1) * np.sqrt(groups))
    skewness = float(stats.skew(deviations, bias=False))
    adjusted = t + skewness * (1 + 2 * t**2) / (6 * np.sqrt(groups)) + skewness**2 * t**3 / (27 * groups)
    quantile = stats.t.isf(0.05 if groups >= 30 else 0.01, groups - 1)
    return bool(t > quantile and adjusted > quantile), t, float(adjusted)


def length_controlled(items: int, games: list[tuple[int, int, float, float]], ridge: float = 0.1) -> np.ndarray:
    """Strengths with mean 0, then what length is worth: the maximum of the penalised likelihood, by SciPy.

    A game is (first, second, outcome of the first: 1, 0.5 or 0, ln length of the first minus that of the second).
    """
    first, second, outcome, gap = (np.array(column, float) for column in zip(*games))
    scale = np.sqrt(np.mean(gap**2))
    covariate = np.tanh(gap / scale) if scale > 0 else 0 * gap

    def loss(parameters: np.ndarray) -> float:
        strengths = parameters[:items] - np.mean(parameters[:items])
        x = strengths[first.astype(int)] - strengths[second.astype(int)] + parameters[items] * covariate
        penalty = ridge / 2 * (np.sum(strengths**2) + parameters[items] ** 2)
        return float(np.sum(np.logaddexp(0, x) - outcome * x) + penalty)

    found = optimize.minimize(loss, np.zeros(items + 1), method="BFGS", options={"gtol": 1e-9}).x
    return np.append(found[:items] - np.mean(found[:items]), found[items])


def krippendorff(ratings: list[list[float | None]], level: str) -> float | None:
    """Krippendorff's α of judges × units by its definition: 1 − observed / expected disagreement of all pairs."""
    units = [[row[place] for row in ratings if row[place] is not None] for place in range(len(ratings[0]))]
    units = [unit for unit in units if len(unit) > 1]
    values = [value for unit in units for value in unit]
    if len(values) < 2:
        return None
    counts = {value: values.count(value) for value in sorted(set(values))}

    def distance(one: float, other: float) -> float:
        if level == "nominal":
            return float(one != other)
        if level == "interval":
            return (one - other) ** 2
        low, high = min(one, other), max(one, other)
        between = sum(count for value, count in counts.items() if low <= value <= high)
        return (between - (counts[low] + counts[high]) / 2) ** 2 if low != high else 0.0

    observed = sum(
        sum(distance(one, other) for a, one in enumerate(unit) for b, other in enumerate(unit) if a != b)
        / (len(unit) - 1)
        for unit in units
    ) / len(values)
    expected = sum(counts[one] * counts[other] * distance(one, other) for one in counts for other in counts) / (
        len(values) * (len(values) - 1)
    )
    # Ratings that are all alike cannot tell agreement from chance.
    return None if expected == 0 else 1 - observed / expected
