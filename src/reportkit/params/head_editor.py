"""What a parameter file says of the report as a whole, and its waivers, put into its text or taken out of it."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from reportkit.params.editor import Editor
from reportkit.params.source_map import Spot
from reportkit.params.yaml_text import BLANK, Entry, flow, scalar

_SWITCHES = ("true", "false")


class HeadEditor(Editor):
    """An editor that knows the names above the figures, too."""

    def put_heads(self, values: Mapping[str, str]) -> None:
        """Put in values of single names (agency, compare), in the place of what is there; "" leaves a blank."""
        absent = []
        for name, value in values.items():
            text = value if value in _SWITCHES else scalar(value) if value else BLANK
            if name in self._spots.top:
                self._set(self._spots.top[name], text)
            else:
                absent.append(Entry(name, text))
        if absent:
            self._add(self._spots.top[""], absent)

    def put_waivers(self, reasons: Mapping[str, str]) -> None:
        """Put in reasons by code, in the place of what is there; "" takes a waiver out."""
        room = self._spots.top.get("waivers")
        if room and isinstance(room.value, yaml.MappingNode) and room.value.flow_style:
            self._rewrite(room, reasons)
            return
        absent = []
        for code, reason in reasons.items():
            spot = self._spots.waivers.get(code)
            if spot and reason:
                self._set(spot, scalar(reason))
            elif spot:
                self._take_out(spot)
            elif reason:
                absent.append(Entry(code, scalar(reason)))
        self._add_to_top("waivers", absent)

    def _rewrite(self, room: Spot, reasons: Mapping[str, str]) -> None:
        """Write waivers that stand on one line anew: what is taken out there would leave its comma."""
        stated = {code: str(spot.value.value) for code, spot in self._spots.waivers.items()}
        left = {code: reason for code, reason in {**stated, **reasons}.items() if reason}
        self._set(room, f"{{{flow([Entry(code, scalar(reason)) for code, reason in left.items()])}}}")

    def _take_out(self, spot: Spot) -> None:
        """Take out the lines of a name and its value."""
        assert spot.name is not None
        start = spot.name.start_mark.index - spot.name.start_mark.column
        self._edit(start, self._end(spot.value), "")
