"""Runs a command on a terminal of its own and types into it: python terminal.py < SPEC > TRANSCRIPT

SPEC is JSON: argv, env, cwd, rows, columns, timeout (seconds), and steps: pairs of a text to wait for and what is typed
then. stdout and stderr may name files: what goes there is not on the terminal. TRANSCRIPT is JSON: output (what the
terminal got), code (the exit status; minus a signal's number), timed_out.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time


def main():
    spec = json.load(sys.stdin)
    child, terminal = pty.fork()
    if child == 0:
        for fd, key in ((0, "stdin"), (1, "stdout"), (2, "stderr")):
            if spec.get(key):
                flags = os.O_RDONLY if fd == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
                os.dup2(os.open(spec[key], flags, 0o600), fd)
        os.chdir(spec["cwd"])
        size = struct.pack("HHHH", spec.get("rows", 24), spec.get("columns", 80), 0, 0)
        for fd in (0, 1, 2):
            if os.isatty(fd):
                fcntl.ioctl(fd, termios.TIOCSWINSZ, size)
        os.execvpe(spec["argv"][0], spec["argv"], dict(pair.split("=", 1) for pair in spec["env"]))
    output, steps = b"", list(spec.get("steps") or [])
    end, seen, timed_out = time.monotonic() + spec["timeout"], 0, False
    while True:
        left = end - time.monotonic()
        if left <= 0:
            timed_out = True
            os.kill(child, 9)
            break
        if select.select([terminal], [], [], min(left, 0.1))[0]:
            try:
                got = os.read(terminal, 65536)
            except OSError:  # the last one has closed it
                break
            if not got:
                break
            output += got
        while steps and steps[0][0].encode() in output[seen:]:
            wanted, typed = steps.pop(0)
            seen += output[seen:].index(wanted.encode()) + len(wanted.encode())
            os.write(terminal, typed.encode())
    _, status = os.waitpid(child, 0)
    json.dump({
        "output": output.decode("utf-8", "backslashreplace"),
        "code": os.waitstatus_to_exitcode(status),
        "timed_out": timed_out,
    }, sys.stdout)


main()
