"""The watch: sees that limits pass, opens periods, lets messages leave, and works open clocks out again."""

from huiyin.desk.clocks.watch.looking import look, open_periods
from huiyin.desk.clocks.watch.reconciling import Difference, reconcile
from huiyin.desk.clocks.watch.worker import database_clock, run_worker

__all__ = ["Difference", "database_clock", "look", "open_periods", "reconcile", "run_worker"]
