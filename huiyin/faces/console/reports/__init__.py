"""The monthly report: its figures, the lists behind them, the workbook."""
