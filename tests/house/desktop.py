"""Drives examples/desktop in a window of its own: types, looks whether the answer's pixels change,
opens what is no model, closes the window.

  desktop.py PROGRAM MODEL NO_MODEL [FOLDER]    FOLDER: where the pictures stay, to be looked at
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NEEDED = ["Xvfb", "xdotool", "import"]


def xdotool(*arguments):
    return subprocess.run(["xdotool", *arguments], capture_output=True, text=True).stdout.split()


def wait_for(what, condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    sys.exit(f"desktop.py: expected {what} within {seconds} s, found none")


class Program:
    def __init__(self, program, model, pictures):
        self.pictures = pictures
        self.process = subprocess.Popen([program, model], stderr=subprocess.DEVNULL)
        self.window = wait_for("a window", lambda: self.windows())[0]

    def windows(self):
        return xdotool("search", "--onlyvisible", "--pid", str(self.process.pid), "--name", "^Locus$")

    def picture(self, name, crop="550x200+415+40"):
        path = self.pictures / f"{name}.png"
        subprocess.run(["import", "-window", self.window, path], check=True)
        part = ["convert", path, "-crop", crop, "-depth", "8", "gray:-"]
        return subprocess.run(part, check=True, capture_output=True).stdout

    def close(self):
        xdotool("key", "--window", self.window, "ctrl+q")
        status = self.process.wait(20)
        if status:
            sys.exit(f"desktop.py: expected status 0 of a closed window, found {status}")


def drive(program, model, no_model, pictures):
    desktop = Program(program, model, pictures)
    wait_for("an answer to the first text", lambda: len(set(desktop.picture("first"))) > 8)
    first = desktop.picture("first")
    xdotool("mousemove", "--window", desktop.window, "200", "300", "click", "1")
    xdotool("key", "--window", desktop.window, "ctrl+a")
    xdotool("type", "--window", desktop.window, "--delay", "30", "The captain wrote in his book that")
    wait_for("another answer to another text", lambda: desktop.picture("typed") != first)
    desktop.close()

    desktop = Program(program, no_model, pictures)
    wait_for("a dialog beside the window", lambda: len(desktop.windows()) == 2)
    if desktop.process.poll() is not None:
        sys.exit("desktop.py: expected an error in a dialog, found the program's end")
    subprocess.run(["import", "-window", "root", pictures / "dialog.png"], check=True)
    desktop.process.kill()
    desktop.process.wait()


def main():
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        print("SKIPPED: examples/desktop is not driven: no", ", ".join(missing))
        return
    screen = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", "1100x760x24"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        number = screen.stdout.readline().strip()
        os.environ.update(DISPLAY=f":{number}", QT_QPA_PLATFORM="xcb")
        with tempfile.TemporaryDirectory() as folder:
            pictures = Path(sys.argv[4] if len(sys.argv) > 4 else folder)
            drive(*sys.argv[1:4], pictures)
    finally:
        screen.terminate()
        screen.wait()


main()
