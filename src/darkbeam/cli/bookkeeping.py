"""`darkbeam cache`: what is kept on disk between runs."""

from __future__ import annotations

from darkbeam.cli.messages import note
from darkbeam.cli.options import Quiet
from darkbeam.cli.output import print_page

__all__ = ["cache_clear", "cache_show"]


def cache_show() -> None:
    """Show where results and compiled kernels are kept, and how much there is.

    DARKBEAM_CACHE_DIR chooses another directory, DARKBEAM_NO_CACHE=1 does without.
    """
    from darkbeam.storage import cache_directory, cache_enabled

    folder = cache_directory()
    page: dict[str, object] = {"directory": str(folder), "in use": str(cache_enabled()).lower()}
    for kind, prefix in (("results", "arrays-"), ("compiled kernels", "kernels-")):
        files = [
            file
            for place in folder.glob(f"{prefix}*")
            for file in place.rglob("*")
            if file.is_file()
        ]
        page[kind] = f"{len(files)} files, {sum(f.stat().st_size for f in files) / 1e6:.1f} MB"
    print_page(page, None)


def cache_clear(quiet: Quiet = False) -> None:
    """Remove all that is kept on disk; it is made again when it is needed."""
    from darkbeam.storage import clear_cache

    freed = clear_cache()
    note(f"freed {freed / 1e6:.1f} MB", quiet=quiet)
