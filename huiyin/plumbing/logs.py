"""Log lines that a stranger's text cannot forge."""

import logging


class OneLine(logging.Formatter):
    """Writes each message on one line, control characters escaped; tracebacks keep their lines, indented below it."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line of the record, which nothing in the message can break."""
        return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in super().formatMessage(record))

    def formatException(self, ei: object) -> str:
        """The traceback, each line indented so that none passes for a message."""
        text = super().formatException(ei)  # type: ignore[arg-type]
        return "\n".join(f"  {line}" for line in text.splitlines())
