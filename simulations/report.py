"""A simulated day for people: a table for the terminal, and one HTML page that needs nothing else."""

from html import escape
from pathlib import Path

from rich.table import Table

from simulations.drawings import colour_of, occupancy_chart, tours_map
from simulations.figures import Language, Section, sections
from simulations.run import Result

_STYLE = """
body { font: 18px/1.5 system-ui, sans-serif; color: #1a1a1a }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { line-height: 1.2 } h2 { margin-top: 2.5rem }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)) }
.cards { gap: 0 2.5rem; align-items: start }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; font-weight: 600; padding: 1rem 0 .3rem }
th { text-align: left; font-weight: 400 } td { text-align: right; font-variant-numeric: tabular-nums }
th, td { border-top: 1px solid #ddd; padding: .25rem 0; vertical-align: top }
svg { width: 100%; height: auto; max-height: 90vh; border: 1px solid #ddd; background: #fff }
svg text { font: 13px system-ui, sans-serif }
.key span { display: inline-block; width: 1.6em; height: .6em; margin: 0 .4em 0 1em }
.invented { background: #fff3cd; padding: .5rem 1rem } small { color: #555 }
"""


def summary(result: Result, language: Language = "en") -> Table:
    """Lay out all figures as a table for the terminal; every number carries its unit."""
    table = Table(
        title=_title(result),
        title_justify="left",
        caption=_caption(result),
        show_header=False,
    )
    table.add_column("what")
    table.add_column("how much", justify="right")
    for section in sections(result.measures):
        table.add_section()
        table.add_row(f"[bold]{section.title(language)}[/bold]", "")
        for figure in section.figures:
            table.add_row(figure.label(language), figure.text(language))
    return table


def _caption(result: Result) -> str:
    noise = f"{100 * result.habits.travel_noise:.0f} %"
    slips = (
        f"Driving times vary by {noise}, so promises slip on the road; no later booking breaks one."
    )
    return f"Invented sample data. {slips}" if result.manifest.invented else slips


def write_html(result: Result, path: Path) -> None:
    """Write the page of :func:`html` to ``path``."""
    path.write_text(html(result), encoding="utf-8")


def html(result: Result) -> str:
    """Return one HTML page in German with all figures, a map of the tours and who was aboard when."""
    title = escape(f"Simulation: {_title(result)}")
    invented = (
        '<p class="invented">Die Region ist erfunden, es gibt sie nicht.</p>'
        if result.manifest.invented
        else ""
    )
    tables = "".join(_table(section) for section in sections(result.measures))
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>{invented}"
        f"<p>{escape(_explanation(result))}</p>"
        f'<div class="cards">{tables}</div>'
        f"<h2>Touren</h2>{_key(result)}{tours_map(result) or '<p>Niemand ist gefahren.</p>'}"
        f"<h2>Personen im Fahrzeug</h2>{occupancy_chart(result) or '<p>Kein Dienst.</p>'}"
        f"<p><small>{escape(result.manifest.attribution)}</small></p></main></body></html>\n"
    )


def _title(result: Result) -> str:
    return f"{result.area.name}, {result.day.isoformat()}"


def _explanation(result: Result) -> str:
    habits = result.habits
    noise, absent, cancelled = (
        f"{100 * share:.0f} %"
        for share in (habits.travel_noise, habits.no_show_share, habits.cancel_share)
    )
    return (
        f"{result.measures.answers.riders} Menschen mit ausgelosten Wegen zwischen den Adressen und "
        f"Zielen der Region (Startwert {result.seed}) rufen an; es entscheidet dieselbe Vermittlung wie im "
        f"Betrieb. Fahrzeiten streuen um {noise}, {absent} erscheinen nicht, {cancelled} sagen ab. Die "
        "Nachfrage ist ein Modell und keine Vorhersage."
    )


def _table(section: Section) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(figure.label("de"))}</th>'
        f"<td>{escape(figure.text('de'))}</td></tr>"
        for figure in section.figures
    )
    return f"<table><caption>{escape(section.title('de'))}</caption>{rows}</table>"


def _key(result: Result) -> str:
    """Say which colour belongs to which shift."""
    entries = "".join(
        f'<span style="background:{colour_of(result, key)}"></span>{escape(key)}'
        for key in sorted(result.lived.state.shifts)
    )
    return f'<p class="key">{entries}</p>'
