"""The log of a run: one writer appends durable events, any number of readers read them meanwhile.

schema/PROTOCOL.md specifies it.
"""

from fsdb.log.events import clean_text
from fsdb.log.files import CommitFile, is_run, read_files
from fsdb.log.lookup import look_up
from fsdb.log.merge import MergePolicy
from fsdb.log.reader import Damage, LogState, read_events, scan, with_files
from fsdb.log.writer import LogWriter

__all__ = [
    "CommitFile",
    "Damage",
    "LogState",
    "LogWriter",
    "MergePolicy",
    "clean_text",
    "is_run",
    "look_up",
    "read_events",
    "read_files",
    "scan",
    "with_files",
]
