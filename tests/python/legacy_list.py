"""Makes a SQLite file of the statements on standard input.

    legacy_list.py FILE [--open]        with --open it ends like a program that is killed: the -wal and -shm stay
"""

import os
import sqlite3
import sys

file = sqlite3.connect(sys.argv[1])
if "--open" in sys.argv:
    file.execute("PRAGMA journal_mode=WAL")
    file.execute("PRAGMA wal_autocheckpoint=0")
file.executescript(sys.stdin.read())
file.commit()
if "--open" in sys.argv:
    os._exit(0)
file.close()
