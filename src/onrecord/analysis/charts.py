"""Charts of the analysis, with Altair: for notebooks, pages, SVG and PNG.

They are read without colour: what is conflict stands above the line and what is cooperation
below, what was done is dark and what was said is light.  Each chart names its unit, its
period and the reports it rests on.  Needs the extra ``charts``.

    from onrecord.analysis import charts, tension
    found = tension.daily(archive, "URY", "PRY", both=True)
    charts.dyad(found)                          # in a notebook
    charts.save(charts.dyad(found), "tension.svg", rows=found.rows())
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.analysis import _charts_data as data
from onrecord.analysis.tension import COLUMNS
from onrecord.archive.export import csv_lines
from onrecord.errors import SettingError, SourceError
from onrecord.render.wording import clean, counted, days

if TYPE_CHECKING:
    import altair

    from onrecord.analysis.changes import Burst, Shift
    from onrecord.analysis.tension import Tension

__all__ = ["FORMATS", "dyad", "rises", "save"]

#: What a chart can be saved as, by the end of the file's name.
FORMATS = ("svg", "png", "html", "json", "csv")
#: Dark and light apart, so that they differ in grey too; orange and blue differ for everyone.
_SHADES = {
    "done, conflict": "#7f2704", "said, conflict": "#fdae6b",
    "done, cooperation": "#08306b", "said, cooperation": "#9ecae1",
}  # fmt: skip
_WIDTH = 720
_INK, _GREY, _PALE = "#1a1a1a", "#777777", "#d9d9d9"


def _altair() -> Any:
    try:
        import altair as found
    except ImportError as error:
        raise SettingError(
            "charts need Altair: install it with  pip install 'onrecord[charts]'", name="charts"
        ) from error
    return found


# -- tension ------------------------------------------------------------------------------


def dyad(
    found: Tension, *, shifts: Sequence[Shift] = (), title: str | None = None
) -> altair.VConcatChart:
    """Return the tension of a dyad or group: the index with its band, and what each day brought.

    ``shifts`` are marked where they were noticed.  The last days, for which reports were
    still coming in, are shaded.
    """
    alt = _altair()
    parts = [_index(alt, found, shifts), _brought(alt, found)]
    whole = alt.vconcat(*parts, spacing=18)
    chart: altair.VConcatChart = _dressed(
        alt, whole, title or f"Tension {found.name}", _subtitle(found)
    )
    return chart


def _dressed(alt: Any, chart: Any, title: str, subtitle: Sequence[str]) -> Any:
    """Return a chart with its title and the look that all have."""
    head = alt.TitleParams(
        clean(title), subtitle=list(subtitle), anchor="start", fontSize=16,
        subtitleColor=_GREY, subtitleFontSize=11, offset=10,
    )  # fmt: skip
    return chart.properties(title=head).configure(font="sans-serif").configure_view(
        stroke=None
    ).configure_axis(
        labelColor=_INK, titleColor=_INK, gridColor="#eeeeee", labelFontSize=11, titleFontSize=11,
        titleFontWeight="normal",
    )  # fmt: skip


def _subtitle(found: Tension) -> list[str]:
    counts = found.counts()
    basis = (
        f"{counted(counts.incidents, 'incident')} in {counted(counts.reports, 'report')} of "
        f"{counted(counts.outlets, 'outlet')}, copies left out"
    )
    return [
        f"{days(found.days[0], found.days[-1])} · {basis}",
        f"PLOVER points, towards conflict; half is left after {found.half_life:g} days · "
        "grey band: 9 in 10 draws of outlets, readings and merges",
    ]


def _index(alt: Any, found: Tension, shifts: Sequence[Shift]) -> Any:
    rows = data.index(found)
    step = "step-after" if len(found) <= data.FEW_DAYS else "linear"
    base = alt.Chart(alt.Data(values=rows)).encode(x=_time(alt, "day", data.ticks(found)))
    number = alt.Scale(nice=True, zero=True)
    band = base.mark_area(color=_PALE, interpolate=step).encode(
        y=alt.Y("low:Q", title="tension, PLOVER points", scale=number), y2="high:Q"
    )
    line = base.mark_line(
        color=_INK, strokeWidth=1.8 if len(found) <= 5 * data.FEW_DAYS else 1.0, interpolate=step
    ).encode(y="value:Q")
    said = [*_said_open(alt, found), *_marks(alt, shifts)]
    layers = [*_shade(alt, found), band, _zero(alt), line, *said]
    return alt.layer(*layers).properties(width=_WIDTH, height=220)


def _time(alt: Any, name: str, format_: str) -> Any:
    axis = alt.Axis(format=format_, grid=False, labelOverlap=True, title=None)
    return alt.X(f"{name}:T", scale=alt.Scale(type="utc"), axis=axis)


def _zero(alt: Any) -> Any:
    return alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color=_GREY).encode(y="at:Q")


def _shade(alt: Any, found: Tension) -> list[Any]:
    """Shade the days for which reports were still coming in."""
    rows = data.incomplete(found)
    if not rows:
        return []
    mark = alt.Chart(alt.Data(values=rows)).mark_rect(
        color="#f2f2f2", stroke=_GREY, strokeDash=[3, 3], strokeWidth=0.7
    )
    return [mark.encode(x=_time(alt, "day", data.ticks(found)), x2="end:T")]


def _said_open(alt: Any, found: Tension) -> list[Any]:
    rows = data.incomplete(found)
    if not rows:
        return []
    text = alt.Chart(alt.Data(values=rows)).mark_text(
        align="right", baseline="bottom", dy=-4, color=_GREY, fontSize=10
    )
    return [text.encode(x="end:T", y=alt.value(0), text="text:N")]


def _marks(alt: Any, shifts: Sequence[Shift]) -> list[Any]:
    if not shifts:
        return []
    base = alt.Chart(alt.Data(values=data.shifts(shifts)))
    rule = base.mark_rule(color=_INK, strokeDash=[5, 3]).encode(x="day:T")
    text = base.mark_text(align="left", dx=4, dy=8, fontSize=10, color=_INK, baseline="top")
    return [rule, text.encode(x="day:T", y=alt.value(0), text="text:N")]


def _brought(alt: Any, found: Tension) -> Any:
    size, rows = data.brought(found)
    shades = alt.Scale(domain=list(_SHADES), range=list(_SHADES.values()))
    legend = alt.Legend(title=None, orient="bottom", direction="horizontal", symbolStrokeWidth=0.5,
                        symbolStrokeColor=_INK, symbolType="square", labelColor=_INK)  # fmt: skip
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_rect(stroke=_INK, strokeWidth=0.4)
        .encode(
            x=_time(alt, "day", data.ticks(found)),
            x2="end:T",
            y=alt.Y("low:Q", title=f"points a {size} brought"),
            y2="high:Q",
            color=alt.Color("what:N", scale=shades, legend=legend),
        )
    )
    shown = alt.layer(*_shade(alt, found), bars, _zero(alt))
    return shown.properties(width=_WIDTH, height=130)


# -- rises ----------------------------------------------------------------------------------


def rises(bursts: Sequence[Burst], *, period: tuple[str, str] | None = None) -> altair.LayerChart:
    """Return unusual rises: what was seen as a dark dot, what was expected as a light one.

    One line a rise, the latest on top; ``period``: its first and last ISO day, for the title.
    """
    alt = _altair()
    rows = data.rises(bursts)
    order = [row["name"] for row in rows]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=320))
    )
    seen = alt.X(
        "seen:Q", title="incidents (of a claim: outlets that took it up)",
        scale=alt.Scale(zero=True), axis=alt.Axis(tickMinStep=1, format="d"),
    )  # fmt: skip
    layers = (
        base.mark_rule(color=_GREY).encode(x="expected:Q", x2="seen:Q"),
        base.mark_point(color=_INK, filled=False, size=60).encode(x="expected:Q"),
        base.mark_point(color=_INK, filled=True, size=80, opacity=1).encode(x=seen),
    )
    dots = "full dot: seen; open dot: expected from the 56 days before"
    subtitle = " · ".join(filter(None, (days(*period) if period else "", dots)))
    whole = alt.layer(*layers).properties(width=440, height=alt.Step(22))
    chart: altair.LayerChart = _dressed(alt, whole, "Unusual rises", [subtitle])
    return chart


# -- out --------------------------------------------------------------------------------------


def save(
    chart: Any,
    path: str | Path,
    *,
    rows: Iterable[Mapping[str, Any]] = (),
    columns: Mapping[str, str] = COLUMNS,
) -> list[Path]:
    """Write a chart as SVG, PNG, HTML or its Vega-Lite JSON, and its data as CSV beside it.

    ``rows`` and ``columns`` are the data, by default those of a ``Tension``.  Returns the
    paths written.  ``tension.csv`` writes the data alone.  An HTML page needs nothing from
    the network.  SettingError for another end of the name, or when vl-convert-python is not
    installed; SourceError when a file cannot be written.
    """
    path = Path(path)
    form = path.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        raise SettingError(
            f"{path.name} has no end that says what it is; give .{', .'.join(FORMATS)}",
            name="output",
        )
    beside = path.with_suffix(".csv")
    written = {} if form == "csv" else {path: _rendered(chart, form, beside.name)}
    written[beside] = "".join(csv_lines(rows, columns)).encode()
    for place, content in written.items():
        try:
            place.write_bytes(content)
        except OSError as error:
            raise SourceError(
                f"cannot write {place}: {error.strerror or error}; give --output another place",
                source=str(place),
            ) from error
    return list(written)


def _rendered(chart: Any, form: str, beside: str) -> bytes:
    spec = chart.to_dict()
    if form == "json":
        return (json.dumps(spec, ensure_ascii=False, indent=1) + "\n").encode()
    try:
        import vl_convert
    except ImportError as error:
        raise SettingError(
            "pictures need vl-convert-python: install it with  pip install 'onrecord[charts]'",
            name="charts",
        ) from error
    version = _version(spec)
    if form == "svg":
        return str(vl_convert.vegalite_to_svg(spec, vl_version=version)).encode()
    if form == "png":
        return bytes(vl_convert.vegalite_to_png(spec, vl_version=version, scale=2))
    page = str(vl_convert.vegalite_to_html(spec, vl_version=version, bundle=True))
    link = f'<p><a href="{html.escape(beside)}" download>Data (CSV)</a></p>'
    return page.replace("</body>", f"{link}\n</body>", 1).encode()


def _version(spec: Mapping[str, Any]) -> str:
    """Return the Vega-Lite version of a specification: "6.1"."""
    return ".".join(str(spec["$schema"]).rsplit("/v", 1)[-1].split(".")[:2])
