"""Names of quantities as they stand on axes."""

from __future__ import annotations

__all__ = ["METHODS", "channel_label", "coupling_label", "mass_label", "particle_label"]

_CHANNELS = {
    "e_e": r"$e^{+}e^{-}$",
    "mu_mu": r"$\mu^{+}\mu^{-}$",
    "tau_tau": r"$\tau^{+}\tau^{-}$",
    "e_mu": r"$e^\pm\mu^\mp$",
    "e_tau": r"$e^\pm\tau^\mp$",
    "mu_tau": r"$\mu^\pm\tau^\mp$",
    "nu_nu": r"$\nu\bar\nu$",
    "hadrons": "hadrons",
    "dark": "dark matter",
    "gamma_gamma": r"$\gamma\gamma$",
    "gamma_gamma_gamma": r"$\gamma\gamma\gamma$",
}
METHODS = {"etl": "exact", "ww": "WW", "iww": "improved WW"}

_MEDIATORS = {"dark-photon": r"A\prime", "x17": "X"}
_COUPLINGS = {"epsilon": r"\varepsilon"}
_PARTICLES = {"e-": "e^{-}", "e+": "e^{+}", "mu-": r"\mu^{-}", "mu+": r"\mu^{+}"}


def channel_label(channel: str) -> str:
    """Return a decay channel for a legend."""
    return _CHANNELS.get(channel, channel)


def mass_label(model: str, unit: str = "GeV") -> str:
    """Return the label of an axis of mediator masses."""
    scalar = model.endswith("-scalar")
    symbol = _MEDIATORS.get(model, r"\phi" if scalar else (r"Z\prime" if model else "X"))
    return rf"$m_{{{symbol}}}$ [{unit}]"


def coupling_label(model: str, coupling: str) -> str:
    """Return the label of an axis of couplings."""
    symbol = f"${_COUPLINGS.get(coupling, coupling)}$"
    return f"kinetic mixing {symbol}" if model == "dark-photon" else f"coupling {symbol}"


def particle_label(beam: str) -> str:
    """Return a beam such as ``mu-:160GeV`` for a legend."""
    particle, _, energy = beam.partition(":")
    symbol = _PARTICLES.get(particle, particle)
    return f"{energy.replace('GeV', ' GeV')} ${symbol}$" if energy else f"${symbol}$"
