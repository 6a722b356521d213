"""matplotlib's backend for cells, imported by matplotlib alone: pictures by Agg, shown in the cell's output."""

from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas

from tandem_runner.figures import show

__all__ = ["FigureCanvas", "show"]
