r"""Transport of one electromagnetic shower: the compiled heart of `darkbeam.matter.shower`.

Depth and path are in radiation lengths of the local material, so that layers differ by their
tables only. Energies are kinetic, GeV. Electrons lose energy continuously below the production
cut and make photons and recoil electrons above it; the distance to the next one is sampled with a
bounding rate and corrected by a null collision, which is exact for a rate that varies along the
step. All random numbers come from (seed, event, running block).
"""

from __future__ import annotations

from math import exp, inf, log, sqrt

import numpy as np
from numpy.typing import NDArray

from darkbeam.compiled import kernel
from darkbeam.matter.shower._collision_kernels import annihilation, bhabha, compton, moller
from darkbeam.matter.shower._emitter_kernels import Record, note_step
from darkbeam.matter.shower._rng_kernels import uniforms
from darkbeam.matter.shower._scattering_kernels import deflect
from darkbeam.matter.shower._scoring_kernels import deposit, track, turn

__all__ = ["shower_event"]

Array = NDArray[np.float64]

_M = 0.51099895069e-3
_ONE = np.uint64(1)
# Largest share of its energy that an electron loses in a step, and the logarithm of what is left.
_STEP_LOSS = 0.15
_STEP_LOG = 0.1625189
_STEP_LOSS_SOFT = 0.3
# Largest mean 1 - cos by scattering in a step, above and below the threshold.
_STEP_SCATTER = 0.1
_STEP_SCATTER_SOFT = 0.7


@kernel
def shower_event(
    event: np.uint64,
    seed: np.uint64,
    kind0: int,
    energy0: float,
    settings: Array,
    boundaries: Array,
    layer_material: NDArray[np.int64],
    layer_active: NDArray[np.bool_],
    log0: float,
    inverse_step: float,
    rates: Array,
    brem: Array,
    pair: Array,
    stack: Array,
    energy_edges: Array,
    tracks: Array,
    depth_edges: Array,
    deposits: Array,
    out: Array,
    record: Record,
) -> None:
    """Follow one shower; what it leaves is added to `tracks` and `deposits` and put into `out`.

    Parameters
    ----------
    event, seed : uint64
        Key of the random numbers.
    kind0 : int
        0 photon, 1 electron, 2 positron.
    energy0 : float
        Kinetic energy, GeV.
    settings : float64[10]
        Threshold; production cut; energy where electrons stop; energy above which particles are
        hard; depth beyond which soft ones are dropped; hard path at which the emission point lies
        (inf: none); 1 to follow hard particles only; 1 to scatter; 1 to score; 1 if positrons
        alone emit.
    boundaries, layer_material, layer_active : arrays
        Depths of the layers' edges, index of the material, whether seen.
    log0, inverse_step, rates, brem, pair
        Logarithm of the energy grid's start, inverse of its step; see `tables.Tables`.
    stack : float64[:, 5]
        Work space: kind, energy, depth, direction cosine, layer.
    energy_edges, tracks : float64[n+1], float64[2, n]
        Path of e- and e+ by kinetic energy, in radiation lengths.
    depth_edges, deposits : float64[m+1], float64[m]
        Energy left by depth, GeV.
    out : float64[10]
        Path of electrons, of positrons above the threshold; energy left; seen; leaked at the
        back; at the front; path of hard electrons and positrons; 1 if the stack was too small;
        energy dropped; 1 if there is an emission point, whose energy, depth and kind are then in
        the last row of `stack`.
    record : tuple
        See `_emitter_kernels`. Where it keeps points, electrons scatter by its law.
    """
    threshold = settings[0]
    cut = settings[1]
    stop = settings[2]
    hard = settings[3]
    drop_depth = settings[4]
    target = settings[5]
    skeleton = settings[6] > 0.5
    scatter = settings[7] > 0.5
    score = settings[8] > 0.5
    least_kind = 2 if settings[9] > 0.5 else 1
    recording = record[0].size > 0
    log_cut = log(cut)
    last = rates.shape[1] - 2
    n_quantiles = brem.shape[2] - 1
    n_layers = layer_material.size
    size = stack.shape[0] - 1
    new = np.empty((3, 3))
    for j in range(10):
        out[j] = 0.0
    block = np.uint64(0)
    emitted = False
    n_hard = 1
    n_soft = size
    stack[0, 0] = kind0
    stack[0, 1] = energy0
    stack[0, 2] = boundaries[0]
    stack[0, 3] = 1.0
    stack[0, 4] = 0.0
    while True:
        if n_hard > 0:
            n_hard -= 1
            at = n_hard
        elif n_soft < size and not skeleton:
            at = n_soft
            n_soft += 1
        else:
            break
        kind = int(stack[at, 0])
        t = stack[at, 1]
        z = stack[at, 2]
        mu = stack[at, 3]
        layer = int(stack[at, 4])
        is_hard = t > hard
        limit = inf if is_hard and not emitted else drop_depth
        bin_now = -1
        here = False
        collide = False
        tau = -1.0
        bound = 1.0
        u_select = u_row = u_quantile = 0.0
        while True:
            # Has it left? A positron takes the energy of its annihilation along.
            if layer < 0 or layer >= n_layers or z >= limit:
                j = 5 if layer < 0 else (4 if layer >= n_layers else 8)
                out[j] += t + (2.0 * _M if kind == 2 else 0.0)
                break
            if kind > 0:
                if t <= stop:
                    t += 2.0 * _M if kind == 2 else 0.0
                    out[2] += t
                    if score:
                        if layer_active[layer]:
                            out[3] += t
                        deposit(depth_edges, deposits, z, z, t)
                    break
                if is_hard and t <= hard and not collide:
                    if n_soft <= n_hard + 4:
                        out[7] = 1.0
                        break
                    n_soft -= 1
                    stack[n_soft, 0] = kind
                    stack[n_soft, 1] = t
                    stack[n_soft, 2] = z
                    stack[n_soft, 3] = mu
                    stack[n_soft, 4] = layer
                    break
            if tau < 0.0:
                block += _ONE
                u_quantile, u_select, u_row, u_tau = uniforms(block, event, seed)
                tau = -log(u_tau)
            m = layer_material[layer]
            log_t = log(t)
            x = (log_t - log0) * inverse_step
            i = min(last, max(0, int(x)))
            f = min(1.0, max(0.0, x - i))
            made = 0
            if kind == 0:
                r_pair = rates[m, i, 8] + f * (rates[m, i + 1, 8] - rates[m, i, 8])
                r_compton = rates[m, i, 9] + f * (rates[m, i + 1, 9] - rates[m, i, 9])
                r_photo = rates[m, i, 10] + f * (rates[m, i + 1, 10] - rates[m, i, 10])
                rate = r_pair + r_compton + r_photo
                edge = inf
                if mu > 0.0:
                    edge = (boundaries[layer + 1] - z) / mu
                elif mu < 0.0:
                    edge = (boundaries[layer] - z) / mu
                if tau > rate * edge:
                    tau -= rate * edge
                    if mu > 0.0:
                        layer += 1
                        z = boundaries[layer]
                    else:
                        z = boundaries[layer]
                        layer -= 1
                    continue
                z += mu * tau / rate
                if z >= limit:
                    continue
                pick = u_select * rate
                if pick < r_pair:
                    row = i + 1 if u_row < f else i
                    q = u_quantile * n_quantiles
                    j = int(q)
                    share = pair[m, row, j] + (q - j) * (pair[m, row, j + 1] - pair[m, row, j])
                    first = max(share * t - _M, 0.0)
                    charge = 1 if pick < 0.5 * r_pair else 2
                    new[0, 0] = charge
                    new[0, 1] = first
                    new[0, 2] = mu
                    new[1, 0] = 3 - charge
                    new[1, 1] = t - first - 2.0 * _M
                    new[1, 2] = mu
                    made = 2
                elif pick < r_pair + r_photo:
                    # The binding energy, at most 0.1 MeV, goes with the electron.
                    new[0, 0] = 1
                    new[0, 1] = t
                    new[0, 2] = mu
                    made = 1
                else:
                    share, one_cos, d, block = compton(t, block, event, seed)
                    recoil = t * (1.0 - share)
                    cosine = 1.0 - one_cos
                    momentum = sqrt(recoil * (recoil + 2.0 * _M))
                    forward = 1.0
                    if momentum > 0.0:
                        forward = min(1.0, (t - share * t * cosine) / momentum)
                    new[0, 0] = 1
                    new[0, 1] = recoil
                    new[0, 2] = turn(mu, forward, d + 0.5)
                    new[1, 0] = 0
                    new[1, 1] = share * t
                    new[1, 2] = turn(mu, cosine, d)
                    made = 2
            else:
                above = t > threshold
                g = 1.0 - f
                r_brem = r_delta = r_annihilation = slope = 0.0
                if above:
                    column = 1 if kind == 1 else 2
                    r0 = rates[m, i, 0] + rates[m, i, column]
                    r1 = rates[m, i + 1, 0] + rates[m, i + 1, column]
                    r_brem = g * rates[m, i, 0] + f * rates[m, i + 1, 0]
                    r_delta = g * rates[m, i, column] + f * rates[m, i + 1, column]
                    if kind == 2:
                        r0 += rates[m, i, 3]
                        r1 += rates[m, i + 1, 3]
                        r_annihilation = g * rates[m, i, 3] + f * rates[m, i + 1, 3]
                    slope = (r1 - r0) * inverse_step
                    loss0 = rates[m, i, 3 + kind]
                    loss1 = rates[m, i + 1, 3 + kind]
                else:
                    loss0 = rates[m, i, 6]
                    loss1 = rates[m, i + 1, 6]
                rate = r_brem + r_delta + r_annihilation
                if not collide:
                    loss = g * loss0 + f * loss1
                    step = (_STEP_LOSS if above else _STEP_LOSS_SOFT) * t / loss
                    spread = 0.0
                    if scatter:
                        spread = g * rates[m, i, 7] + f * rates[m, i + 1, 7]
                        limited = _STEP_SCATTER if above else _STEP_SCATTER_SOFT
                        step = min(step, limited / spread)
                    if above:
                        bound = rate + max(0.0, -slope) * _STEP_LOG
                        if step * bound > tau:
                            step = tau / bound
                            collide = True
                    edge = inf
                    if mu > 0.0:
                        edge = (boundaries[layer + 1] - z) / mu
                    elif mu < 0.0:
                        edge = (boundaries[layer] - z) / mu
                    cross = step >= edge
                    if cross:
                        step = edge
                        collide = False
                    if above:
                        tau -= step * bound
                    lost = step * loss
                    # The loss at the middle of the step.
                    lost -= 0.5 * lost * step * (loss1 - loss0) * inverse_step / t
                    lost = min(lost, t)
                    t1 = t - lost
                    z1 = boundaries[layer + 1 if mu > 0.0 else layer] if cross else z + mu * step
                    if is_hard and kind >= least_kind:
                        path = step if t1 >= hard else step * (t - hard) / lost
                        if not emitted and out[6] + path >= target:
                            part = min(1.0, max(0.0, (target - out[6]) / step))
                            emitted = here = True
                            out[9] = 1.0
                            t1 = t - part * lost
                            z1 = z + part * (z1 - z)
                            lost = t - t1
                            stack[size, 0] = t1
                            stack[size, 1] = z1
                            stack[size, 2] = kind
                        out[6] += path
                    if above:
                        counted = step if t1 >= threshold else step * (t - threshold) / lost
                        out[kind - 1] += counted
                        if score:
                            bin_now = track(energy_edges, tracks[kind - 1], bin_now, t, t1, step)
                        if recording:
                            block = note_step(
                                record,
                                m,
                                kind,
                                t,
                                lost,
                                step,
                                counted,
                                z,
                                z1,
                                mu,
                                block,
                                event,
                                seed,
                            )
                    out[2] += lost
                    if score:
                        if layer_active[layer]:
                            out[3] += lost
                        deposit(depth_edges, deposits, z, z1, lost)
                    z = z1
                    if here:
                        break
                    t = t1
                    if recording:
                        middle = t1 + 0.5 * lost
                        mu, block = deflect(mu, step, middle, record[0][m], block, event, seed)
                    elif scatter:
                        block += _ONE
                        a, b, c, d = uniforms(block, event, seed)
                        mean = spread * step
                        cosine = 1.0 + mean / (1.0 + 0.5 * mean) * log(a)
                        mu = turn(mu, max(cosine, -1.0), b)
                    if cross:
                        if z1 == boundaries[layer]:
                            layer -= 1
                        else:
                            layer += 1
                    continue
                # At the end of a step that was to end in a collision.
                collide = False
                tau = -1.0
                if not above:
                    continue
                pick = u_select * bound
                if pick < r_brem:
                    row = i + 1 if u_row < f else i
                    q = u_quantile * n_quantiles
                    j = int(q)
                    v = brem[m, row, j] + (q - j) * (brem[m, row, j + 1] - brem[m, row, j])
                    photon = min(exp(log_cut + v * (log_t - log_cut)), t)
                    t -= photon
                    new[0, 0] = 0
                    new[0, 1] = photon
                    new[0, 2] = mu
                    made = 1
                elif pick < r_brem + r_delta:
                    if kind == 1:
                        share, c, block = moller(t, cut, block, event, seed)
                    else:
                        share, c, block = bhabha(t, cut, block, event, seed)
                    delta = share * t
                    rest = t - delta
                    wide = t + 2.0 * _M
                    new[0, 0] = 1
                    new[0, 1] = delta
                    new[0, 2] = turn(mu, sqrt(delta * wide / (t * (delta + 2.0 * _M))), c)
                    if rest > 0.0:
                        mu = turn(mu, sqrt(rest * wide / (t * (rest + 2.0 * _M))), c + 0.5)
                    t = rest
                    made = 1
                elif pick < rate:
                    share, c, block = annihilation(t, block, event, seed)
                    gamma = t / _M + 1.0
                    wide = t + 2.0 * _M
                    norm = sqrt(gamma * gamma - 1.0)
                    cosine = (share * (gamma + 1.0) - 1.0) / (share * norm)
                    other = 1.0 - share
                    cosine2 = (other * (gamma + 1.0) - 1.0) / (other * norm)
                    new[0, 0] = 0
                    new[0, 1] = share * wide
                    new[0, 2] = turn(mu, min(1.0, max(-1.0, cosine)), c)
                    new[1, 0] = 0
                    new[1, 1] = other * wide
                    new[1, 2] = turn(mu, min(1.0, max(-1.0, cosine2)), c + 0.5)
                    made = 2
                    kind = -1
                else:
                    continue
            # What was made: hard ones first, soft ones later, the rest stays here.
            for j in range(made):
                e = new[j, 1]
                k = int(new[j, 0])
                if e > stop:
                    if n_soft <= n_hard + 4:
                        out[7] = 1.0
                        continue
                    if e > hard:
                        at = n_hard
                        n_hard += 1
                    else:
                        n_soft -= 1
                        at = n_soft
                    stack[at, 0] = k
                    stack[at, 1] = e
                    stack[at, 2] = z
                    stack[at, 3] = new[j, 2]
                    stack[at, 4] = layer
                else:
                    if k == 2:
                        e += 2.0 * _M
                    out[2] += e
                    if score:
                        if layer_active[layer]:
                            out[3] += e
                        deposit(depth_edges, deposits, z, z, e)
            if kind <= 0:
                break
