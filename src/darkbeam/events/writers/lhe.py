"""Les Houches event files: the hard process and the decays; units of GeV, lifetimes in mm.

Format: Boos et al., hep-ph/0109068 (the accord) and Alwall et al., hep-ph/0609017 (the file).
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from darkbeam import constants
from darkbeam.events.record import RunInformation
from darkbeam.events.writers.text import TextWriter, number_text

__all__ = ["open_lhe"]

_UNIT_WEIGHTS = 3
_PROCESS = 1
_UNKNOWN = -1


def open_lhe(
    path: Path, information: RunInformation, threads: int | None, *, cards: str = ""
) -> TextWriter:
    """Begin an LHE file; `cards` are further elements of its header."""
    from darkbeam.events.writers._text_kernels import fill_lhe

    return TextWriter(
        path,
        fill_lhe,
        head=_head(information, cards),
        tail="</LesHouchesEvents>\n",
        column_prefix="# ",
        constant=f"{_PROCESS} 1 {_UNKNOWN} {constants.ALPHA!r} {_UNKNOWN}\n",
        threads=threads,
    )


def _head(information: RunInformation, cards: str) -> str:
    about = "\n".join(
        f"{name} = {escape(' '.join(number_text(value).split()))}"
        for name, value in information.attributes().items()
    )
    other = information.target_energy_GeV or information.target_mass_GeV
    beams = (
        f"{information.beam_pdg} {information.target_pdg} "
        f"{number_text(information.beam_energy_GeV)} {number_text(other)}"
    )
    section = number_text(information.cross_section_pb)
    return (
        '<LesHouchesEvents version="3.0">\n'
        f"<header>\n<darkbeam>\n{about}\n</darkbeam>\n{cards}</header>\n"
        f"<init>\n{beams} 0 0 0 0 {_UNIT_WEIGHTS} 1\n"
        f"{section} 0 1 {_PROCESS}\n"
        f'<generator name="darkbeam" version={quoteattr(information.version)}>'
        "events of dark-sector mediators</generator>\n"
        "</init>\n"
    )
