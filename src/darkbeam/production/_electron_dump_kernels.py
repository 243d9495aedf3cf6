"""Compiled kernels of X radiated in a shower: quadrature in energy, quantiles in angle.

For a bin of the emitters' energies the cross section is integrated at their mean energy, over nodes
in the energy of X (rapidity of X below half the emitter's energy, energy left above it, as in
`_brem_kernels`) and nodes in u = sqrt(w_0/w), which stands for the angle. A node in energy stands
for a cell; in each cell a few points are spread evenly, each with an emitter of the bin, its own
energy, and the angle that is a quantile of the polynomial through the nodes in u.
"""

from __future__ import annotations

from math import cos, exp, floor, log, log1p, pi, sinh, sqrt

import numpy as np
from numpy.typing import NDArray

from darkbeam.compiled import kernel
from darkbeam.production._brem_amplitude_kernels import Process
from darkbeam.production._brem_kernels import (
    Nucleus,
    Rules,
    energy_limits,
    t_integral,
    w_limits,
)

__all__ = ["angle_sum", "radiate"]

FloatArray = NDArray[np.float64]

# Shifts of the lattices, an additive recurrence: powers of the inverse of the root of x^6 = x + 1.
_STEPS = (
    0.8812714616335696,
    0.7766393890897682,
    0.6844301295853426,
    0.6031687406857282,
    0.5315553977157752,
)


@kernel(_nrt=False)
def lattice(j: int, dimension: int, generator: NDArray[np.int64], cells: int) -> float:
    """Return a coordinate of a point of a cell's lattice, which is shifted from cell to cell."""
    each = int(generator[0])
    spot = float(j * generator[1 + dimension] % each) / each + (cells + 0.5) * _STEPS[dimension]
    return spot - floor(spot)


@kernel(_nrt=False)
def angle_sum(first: float, second: float, turns: float) -> float:
    """Return 1 - cos of the angle to an axis from 1 - cos of two deflections and the azimuth."""
    product = first * (2.0 - first) * second * (2.0 - second)
    value = first + second - first * second - sqrt(max(product, 0.0)) * cos(2.0 * pi * turns)
    return min(2.0, max(0.0, value))


@kernel(_nrt=False)
def place(
    zeta: float, soft: bool, e_low: float, energy: float, process: Process, m_x: float, M: float
) -> tuple[float, float]:
    """Return E - E_X at a place in (0, 1) of one of the two panels, and |dE_X/dzeta| or 0."""
    least, greatest, r_least = energy_limits(energy, process, m_x, M)
    low = max(e_low, least)
    if least < 0.0 or greatest <= low:
        return 0.0, 0.0
    middle = max(low, min(greatest, 0.5 * energy))
    if soft:
        if middle <= low:
            return 0.0, 0.0
        eta_low = log(low + sqrt(max(low * low - m_x * m_x, 0.0)))
        span = log(middle + sqrt(max(middle * middle - m_x * m_x, 0.0))) - eta_low
        forward = exp(eta_low + zeta * span)
        backward = m_x * m_x / forward
        return energy - 0.5 * (forward + backward), 0.5 * span * (forward - backward)
    m_final = process[1]
    reach = (energy - middle - r_least) / m_final
    if reach <= 0.0:
        return 0.0, 0.0
    top = log1p(reach + sqrt(reach * (reach + 2.0)))
    half = sinh(0.5 * zeta * top)
    return r_least + 2.0 * m_final * half * half, top * m_final * sinh(zeta * top)


@kernel(_nrt=False)
def spectrum_by_angle(
    residual: float,
    energy: float,
    process: Process,
    m_x: float,
    nucleus: Nucleus,
    rules: Rules,
    density: FloatArray,
) -> float:
    """Return d sigma/dE_X as `_brem_kernels.energy_spectrum`, and fill its density at nodes of u.

    The density is over (-1, 1), to which u from its least to 1 is stretched.
    """
    w_zero, w_max = w_limits(residual, energy, process, m_x, nucleus[0])
    for i in range(density.size):
        density[i] = 0.0
    if w_max <= w_zero:
        return 0.0
    p2 = energy * energy - process[0] ** 2
    half = 0.5 * (1.0 - sqrt(w_zero / w_max))
    total = 0.0
    nodes, weights = rules[0], rules[1]
    for i in range(nodes.size):
        u = 1.0 - half * (1.0 - nodes[i])
        w = w_zero / (u * u)
        v_length = sqrt(residual * residual - process[1] ** 2 + w)
        inner = t_integral(w, w_zero, residual, energy, process, m_x, nucleus, rules)
        density[i] = half * inner * w * w * u / (v_length * w_zero * p2)
        total += weights[i] * float(density[i])
    return total


@kernel(_nrt=False)
def quantile(level: float, density: FloatArray, integrals: FloatArray) -> float:
    """Return where in (0, 1) the integral of a polynomial has reached a share of its whole.

    `integrals` are those of the polynomials of the nodes, up to places of equal distance.
    """
    steps = integrals.shape[0] - 1
    total = 0.0
    for i in range(density.size):
        total += integrals[steps, i] * density[i]
    below, goal = 0.0, level * total
    for j in range(1, steps + 1):
        here = 0.0
        for i in range(density.size):
            here += integrals[j, i] * density[i]
        here = max(here, below)
        if here >= goal:
            share = (goal - below) / (here - below) if here > below else 0.5
            return float((j - 1 + share) / steps)
        below = here
    return 1.0


@kernel
def fill_nodes(
    soft: bool,
    nodes: FloatArray,
    e_low: float,
    energy: float,
    process: Process,
    m_x: float,
    nuclei: FloatArray,
    numbers: FloatArray,
    rules: Rules,
    values: FloatArray,
    slopes: FloatArray,
    densities: FloatArray,
) -> None:
    """Fill dN/dE_X per path, |dE_X/dzeta|, and the densities in angle by element, at the nodes."""
    for i in range(nodes.size):
        values[i] = 0.0
        slopes[i] = 0.0
        for e in range(numbers.size):
            M = nuclei[e, 0]
            residual, slope = place(nodes[i], soft, e_low, energy, process, m_x, M)
            if slope <= 0.0:
                for k in range(rules[0].size):
                    densities[i, e, k] = 0.0
                continue
            nucleus = (M, nuclei[e, 1], nuclei[e, 2], False)
            found = spectrum_by_angle(
                residual, energy, process, m_x, nucleus, rules, densities[i, e]
            )
            values[i] += numbers[e] * found
            slopes[i] = slope
            for k in range(rules[0].size):
                densities[i, e, k] *= numbers[e]


@kernel(_nrt=False)
def between(zeta: float, nodes: FloatArray, values: FloatArray) -> float:
    """Return values at nodes, interpolated: their logarithm by cubics through four nodes."""
    first = 0
    while first < nodes.size - 4 and nodes[first + 2] < zeta:
        first += 1
    logarithm = 0.0
    for i in range(first, first + 4):
        if values[i] <= 0.0:
            nearest = first
            for k in range(first, first + 4):
                if abs(nodes[k] - zeta) < abs(nodes[nearest] - zeta):
                    nearest = k
            return float(values[nearest])
        factor = log(values[i])
        for k in range(first, first + 4):
            if k != i:
                factor *= (zeta - nodes[k]) / (nodes[i] - nodes[k])
        logarithm += factor
    return exp(logarithm)


@kernel
def mix(
    zeta: float,
    nodes: FloatArray,
    densities: FloatArray,
    weights: FloatArray,
    mixed: FloatArray,
    parts: FloatArray,
) -> float:
    """Fill densities in angle, linear between nodes, and their integrals; return the sum."""
    i = 1
    while i < nodes.size - 1 and nodes[i] < zeta:
        i += 1
    share = min(1.0, max(0.0, (zeta - nodes[i - 1]) / (nodes[i] - nodes[i - 1])))
    total = 0.0
    for e in range(parts.size):
        parts[e] = 0.0
        for k in range(weights.size):
            mixed[e, k] = (1.0 - share) * densities[i - 1, e, k] + share * densities[i, e, k]
            parts[e] += weights[k] * mixed[e, k]
        total += parts[e]
    return total


@kernel
def emit(
    zeta: float,
    level: float,
    soft: bool,
    e_low: float,
    energy: float,
    process: Process,
    m_x: float,
    nuclei: FloatArray,
    mixed: FloatArray,
    parts: FloatArray,
    integrals: FloatArray,
) -> tuple[float, float, float]:
    """Return energy and 1 - cos of X, and |dE_X/dzeta|, which is 0 where nothing is emitted.

    `level` is that of the element and of the angle in one: elements by their parts of the sum.
    """
    e = 0
    while e < parts.size - 1 and level >= parts[e]:
        level -= parts[e]
        e += 1
    M = nuclei[e, 0]
    residual, slope = place(zeta, soft, e_low, energy, process, m_x, M)
    if slope <= 0.0 or parts[e] <= 0.0:
        return 0.0, 0.0, 0.0
    w_zero, w_max = w_limits(residual, energy, process, m_x, M)
    if w_max <= w_zero:
        return 0.0, 0.0, 0.0
    u_low = sqrt(w_zero / w_max)
    u = u_low + (1.0 - u_low) * quantile(min(level / parts[e], 1.0), mixed[e], integrals)
    e_x = energy - residual
    pk = sqrt((energy * energy - process[0] * process[0]) * (e_x - m_x) * (e_x + m_x))
    return e_x, min(2.0, 0.5 * w_zero * (1.0 - u) * (1.0 + u) / (u * u * pk)), slope


@kernel
def radiate(
    mean_energies: FloatArray,
    paths: FloatArray,
    kinetic: FloatArray,
    depths: FloatArray,
    directions: FloatArray,
    e_low: float,
    process: Process,
    m_x: float,
    nuclei: FloatArray,
    numbers: FloatArray,
    panels: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    rules: Rules,
    integrals: FloatArray,
    generators: NDArray[np.int64],
    out: FloatArray,
) -> int:
    """Fill rows of energy, 1 - cos to the beam, depth and weight of X; return their number.

    Parameters
    ----------
    mean_energies, paths : float64[n]
        Mean total energy of the emitters of each bin, GeV, and their path.
    kinetic, depths, directions : float64[n, groups, each]
        Emitters of each bin, see `darkbeam.matter.shower.emitters`.
    e_low : float
        Least energy of X, GeV.
    process, m_x
        Lepton masses and squared couplings, mass of X.
    nuclei : float64[elements, 3]
        Mass, Z, A.
    numbers : float64[elements]
        What makes a weight of the product of path and kernel's cross section.
    panels : tuple of float64[:]
        Nodes and weights on (0, 1) in the soft panel, nodes and weights in the hard one.
    rules : tuple
        Nodes and weights of u, twice, and of t.
    integrals : float64[places + 1, nodes of u]
        See `quantile`.
    generators : int64[n, 6]
        For each bin the number of points in a cell, and the generators of their lattice.
    out : float64[:, 4]
        Rows.
    """
    elements = numbers.size
    most = max(panels[0].size, panels[2].size)
    densities = np.empty((most, elements, rules[0].size))
    mixed = np.empty((elements, rules[0].size))
    parts = np.empty(elements)
    values = np.empty(most)
    slopes = np.empty(most)
    filled = 0
    cells = 0
    for b in range(paths.size):
        if paths[b] <= 0.0:
            continue
        generator = generators[b]
        each = generator[0]
        for panel in range(2):
            soft = panel == 0
            nodes, weights = panels[2 * panel], panels[2 * panel + 1]
            fill_nodes(
                soft,
                nodes,
                e_low,
                mean_energies[b],
                process,
                m_x,
                nuclei,
                numbers,
                rules,
                values,
                slopes,
                densities,
            )
            whole = 0.0
            for i in range(nodes.size):
                whole += weights[i] * slopes[i] * values[i]
            first = filled
            shared = 0.0
            start = 0.0
            for i in range(nodes.size):
                for j in range(each if whole > 0.0 else 0):
                    g = int(lattice(j, 0, generator, cells) * kinetic.shape[1])
                    a = int(lattice(j, 1, generator, cells) * kinetic.shape[2])
                    zeta = start + weights[i] * lattice(j, 4, generator, cells)
                    level = lattice(j, 2, generator, cells)
                    level *= mix(zeta, nodes, densities, rules[1], mixed, parts)
                    energy = kinetic[b, g, a] + process[0]
                    e_x, apart, slope = emit(
                        zeta,
                        level,
                        soft,
                        e_low,
                        energy,
                        process,
                        m_x,
                        nuclei,
                        mixed,
                        parts,
                        integrals,
                    )
                    if slope > 0.0:
                        turns = lattice(j, 3, generator, cells)
                        out[filled, 0] = e_x
                        out[filled, 1] = angle_sum(directions[b, g, a], apart, turns)
                        out[filled, 2] = depths[b, g, a]
                        out[filled, 3] = between(zeta, nodes, values) * slope * weights[i] / each
                        shared += out[filled, 3]
                        filled += 1
                start += weights[i]
                cells += 1
            for row in range(first, filled):
                out[row, 3] *= whole * paths[b] / shared
    return filled
