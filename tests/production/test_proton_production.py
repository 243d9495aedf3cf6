"""Descriptions of a production: names, tables, and what would be counted twice."""

import pytest

from darkbeam.errors import InputError, UnknownNameError, ValidityError
from darkbeam.production.meson_spectra import beam_energy_of, spectrum_tables
from darkbeam.production.proton_brem import Window
from darkbeam.production.proton_production import (
    SOURCES,
    ProtonProduction,
    generators,
    production_band,
)


def test_names_of_generators_need_no_points_and_capitals():
    for name in ("Sibyll23e", "SIBYLL 2.3e", "sibyll-2.3E"):
        assert ProtonProduction("400GeV-p", name).generator == "Sibyll23e"
    assert ProtonProduction("400GeV-p", "PYTHIA6").generator == "Pythia6"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"spectra": "400GeV-pp"}, "did you mean '400GeV-p'"),
        ({"spectra": "400GeV-p", "generator": "Sibyl"}, "did you mean 'Sibyll23e'"),
        ({"spectra": "400GeV-p", "sources": ("pi",)}, "sources: unknown name 'pi', did you mean"),
        ({"spectra": "400GeV-p", "sources": ("bremstrahlung",)}, "mean 'bremsstrahlung'"),
        ({"spectra": "400GeV-p", "splitting": "quasireal"}, "did you mean 'quasi-real'"),
        ({"spectra": "400GeV-p", "splitting": "scalar"}, "splitting: unknown name 'scalar'"),
        ({"spectra": "400GeV-p", "window": "forwards"}, "did you mean 'forward'"),
        ({"spectra": "400GeV-p", "form_factor": "VMD"}, "did you mean 'vmd'"),
        ({"spectra": "400GeV-p", "cross_section": "totl"}, "did you mean 'total'"),
        ({"spectra": "400GeV-p", "target": [("unobtainium", 10.0)]}, "unobtainium"),
    ],
)
def test_near_matches_are_named(arguments, said):
    with pytest.raises(UnknownNameError, match=said):
        ProtonProduction(**arguments)


def test_what_cannot_be_is_refused():
    with pytest.raises(InputError, match="at least one"):
        ProtonProduction("400GeV-p", sources=())
    with pytest.raises(InputError, match="each one once"):
        ProtonProduction("400GeV-p", sources=("pi0", "pi0"))
    with pytest.raises(InputError, match="cutoff must be above 0"):
        ProtonProduction("400GeV-p", cutoff=0.0)


def test_the_rho_is_not_counted_twice():
    both = ("rho-mixing", "bremsstrahlung")
    with pytest.raises(InputError, match=r"rho-mixing and bremsstrahlung .* twice"):
        ProtonProduction("400GeV-p", sources=both)
    for form_factor in ("dipole", "point"):
        ProtonProduction("400GeV-p", sources=both, form_factor=form_factor)
    ProtonProduction("400GeV-p", sources=("phi-mixing", "bremsstrahlung"))


def test_a_meson_without_table_needs_another_one():
    with pytest.raises(InputError, match="UrQMD34 has no eta' at 400GeV-Mo; leave it out or name"):
        ProtonProduction("400GeV-Mo", "UrQMD34")
    with pytest.raises(InputError, match="not the energy of 400GeV-Mo"):
        ProtonProduction("400GeV-Mo", "UrQMD34", other_mesons="120GeV-p:Sibyll23e")
    filled = ProtonProduction("400GeV-Mo", "UrQMD34", other_mesons="400GeV-p:Pythia6")
    assert filled.spectrum("pi0").generator == "UrQMD34"
    assert filled.spectrum("omega").generator == "Pythia6"


def test_the_band_has_every_table_of_the_beam():
    band = production_band(ProtonProduction("400GeV-p", window=Window(0.2, 0.8)))
    assert {"400GeV-p:Pythia6", "400GeV-p:Sibyll23e", "400GeV-Mo:UrQMD34"} <= set(band)
    nucleus = band["400GeV-Mo:UrQMD34"]
    assert nucleus.spectrum("eta").beam == "400GeV-Mo"
    assert nucleus.spectrum("phi").beam == "400GeV-p"
    assert {p.window for p in band.values()} == {Window(0.2, 0.8)}
    for name, production in band.items():
        assert name == f"{production.spectra}:{production.generator}"
    assert set(production_band(nucleus)) == set(band) | {"400GeV-Mo:BMPT"}
    collisions = production_band(ProtonProduction("13.6TeV-pp"))
    assert set(collisions) == {"13.6TeV-pp:Pythia6", "13.6TeV-pp:Sibyll23e"}


def test_generators_and_beams():
    assert {"Pythia6", "Sibyll23e"} <= set(generators("120GeV-p"))
    with pytest.raises(UnknownNameError, match="did you mean '120GeV-p'"):
        generators("120GeV")
    assert {beam_energy_of(beam) for beam in spectrum_tables()} >= {120.0, 400.0, 6800.0}
    with pytest.raises(InputError, match="the name must be such as"):
        beam_energy_of("400-p")


def test_names_of_what_is_made():
    production = ProtonProduction("400GeV-p", sources=("omega", "phi-mixing", "bremsstrahlung"))
    assert production.names == ("omega->pi0 X", "omega->eta X", "phi-mixing", "bremsstrahlung")
    assert production.mesons == ("omega", "phi")
    assert not production.collider
    fused = ProtonProduction("400GeV-p", sources=("drell-yan",))
    assert fused.names == ("drell-yan u", "drell-yan d", "drell-yan s", "drell-yan c")
    assert {"pi0", "rho-mixing", "bremsstrahlung"} <= set(SOURCES)


def test_quarks_meet_the_nucleus_of_the_target():
    assert ProtonProduction("400GeV-p").nucleus == "p"
    assert ProtonProduction("13.6TeV-pp").nucleus == "p"
    filled = ProtonProduction("400GeV-Mo", "UrQMD34", sources=("pi0",))
    assert filled.nucleus == "Mo"
    layers = [("Be", 10.0), ("W", 500.0), ("Cu", 500.0)]
    assert ProtonProduction("400GeV-p", target=layers).nucleus.name == "W"


def test_a_fit_stands_in_the_place_of_a_generator():
    fitted = ProtonProduction("65GeV-Fe", "bmpt", sources=("pi0", "bremsstrahlung"))
    assert fitted.spectrum("pi0").generator == "BMPT"
    assert fitted.nucleus == "Fe"
    with pytest.raises(InputError, match="BMPT has no eta at 400GeV-Be; leave it out"):
        ProtonProduction("400GeV-Be", "BMPT", sources=("pi0", "eta"))
    with pytest.raises(ValidityError, match="a fit to nuclei"):
        ProtonProduction("400GeV-p", "BMPT", sources=("pi0",))
    band = production_band(ProtonProduction("400GeV-p", target=[("Mo", 580.0), ("W", 780.0)]))
    assert band["400GeV-Mo:BMPT"].spectrum("pi0").generator == "BMPT"
    assert band["400GeV-Mo:BMPT"].spectrum("eta").generator == "Sibyll23e"
    # Above the energies of the fit, and in hydrogen, it is no choice.
    assert not any("BMPT" in name for name in production_band(ProtonProduction("400GeV-p")))
    assert not any("BMPT" in n for n in production_band(ProtonProduction("800GeV-p", target="W")))
