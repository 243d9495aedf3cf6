"""A model's page: parameters, and at a point its couplings, channels and lifetime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from darkbeam.models import Model
    from darkbeam.models.parameters import ParameterInfo

__all__ = ["model_page"]

_KINDS = ("vector", "axial", "scalar", "pseudoscalar")
_NEGLIGIBLE = 1e-15


def model_page(name: str, point: Model) -> dict[str, Any]:
    """Return all that `darkbeam models NAME` says of a model.

    Parameters
    ----------
    name : str
        Name of the model.
    point : Model
        The model at one mass, where couplings and channels are shown.
    """
    from darkbeam.models import describe_model

    info = describe_model(name)
    page: dict[str, Any] = {
        "name": info.name,
        "title": info.title,
        "lagrangian": info.lagrangian,
        "coupling": info.coupling_name,
        "parameters": {
            p.name: f"{p.description} ({_range_and_default(p)})" for p in info.parameters
        },
    }
    if info.has_dark_matter:
        page["dark matter"] = {
            "dark_matter": f"{', '.join(info.dark_matter)} or none (default {_default(point)})",
            "mass_ratio": "mass of the mediator over mass of the dark matter (default 3)",
            "dm_mass": "or the mass of the dark matter itself",
            "splitting": "of dark matter of two states: (m_2 - m_1) / m_1 (default 0)",
        }
    return {**page, **_at_a_point(point), "references": list(info.references)}


def _range_and_default(parameter: ParameterInfo) -> str:
    default = parameter.default
    if parameter.required:
        return f"{parameter.allowed}; required"
    if default is None:
        return f"{parameter.allowed}; optional"
    return f"{parameter.allowed}; default {default if isinstance(default, str) else f'{default:g}'}"


def _default(model: Model) -> str:
    default = model.__dataclass_fields__["dark_matter"].default
    return "none" if default is None else str(default.name)


def _at_a_point(model: Model) -> dict[str, Any]:
    from darkbeam.decays import widths
    from darkbeam.units import format_energy

    found = widths(model)
    total = float(found.total.item())
    channels = dict(found.partial)
    channels |= {f"dark: {name}": width for name, width in found.dark_channels.items()}
    open_ = {name: width.item() for name, width in channels.items() if width.item() != 0.0}
    shares = sorted(open_.items(), key=lambda pair: -pair[1] if pair[1] == pair[1] else 1.0)
    mass = float(found.mass.item())
    return {
        "shown at": f"mass = {format_energy(mass)}, {model.coupling_name} = {model.coupling:g}",
        "couplings": _couplings(model),
        "branching": {
            name: "open, not computed" if width != width else f"{width / total:.4g}"
            for name, width in shares
        },
        "total width": f"{total:.4g} GeV",
        "lifetime": f"{found.tau_s.item():.4g} s",
    }


def _couplings(model: Model) -> dict[str, str]:
    table = model.couplings()
    lines = {}
    for first, second in table.pairs():
        entry = table.entry(first, second)
        parts = [(kind, getattr(entry, kind)) for kind in _KINDS]
        largest = max(abs(value.item()) for _, value in parts)
        lines[first if first == second else f"{first} {second}"] = ", ".join(
            f"{kind} {_number(value)}"
            for kind, value in parts
            if abs(value.item()) > _NEGLIGIBLE * largest
        )
    return lines


def _number(value: NDArray[np.complex128]) -> str:
    single = complex(value.item())
    return f"{single.real:.4g}" if single.imag == 0.0 else f"({single:.4g})"
