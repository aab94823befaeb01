"""Writing figures down as Prometheus reads them."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from webapp.figures.counting import Counted, Now
from webapp.figures.families import COUNTED, GAUGES, Family, Reading

# Version 0.0.4 is what every version of Prometheus reads.
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Snapshot(Collector):
    """The figures of one moment."""

    def __init__(self, counted: Counted, now: Now, readings: Sequence[Reading]) -> None:
        self._counted = counted
        self._now = now
        self._readings = readings

    def collect(self) -> Iterator[Metric]:
        """Give all figures."""
        for family in COUNTED:
            yield self._timed(family) if family.bounds else self._counter(family)
        for gauge in GAUGES:
            if gauge.name in self._now:
                yield GaugeMetricFamily(gauge.name, gauge.words, self._now[gauge.name])
        for reading in self._readings:
            told = GaugeMetricFamily(reading.name, reading.words, labels=[reading.label] if reading.label else [])
            for label, value in reading.values:
                told.add_metric([label] if reading.label else [], value)
            yield told

    def _counter(self, family: Family) -> Metric:
        counter = CounterMetricFamily(family.name, family.words, labels=family.labels)
        for labels, (count,) in self._of(family):
            counter.add_metric(labels, count)
        return counter

    def _timed(self, family: Family) -> Metric:
        histogram = HistogramMetricFamily(family.name, family.words, labels=family.labels)
        bounds = [*(f"{bound:g}" for bound in family.bounds), "+Inf"]
        for labels, (*counts, seconds) in self._of(family):
            histogram.add_metric(labels, list(zip(bounds, accumulate(counts), strict=True)), seconds)
        return histogram

    def _of(self, family: Family) -> Iterator[tuple[tuple[str, ...], list[float]]]:
        return ((labels, values) for (name, labels), values in sorted(self._counted.items()) if name == family.name)


def written(counted: Counted, now: Now, readings: Sequence[Reading]) -> bytes:
    """The figures as a text. The registry is made for this one: none is shared with anything else."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Snapshot(counted, now, readings))
    return bytes(generate_latest(registry))
