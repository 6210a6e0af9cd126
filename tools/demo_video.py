"""Draw and speak the film of the demo: `python -m tools.demo_video` writes static/video/demo.{mp4,vtt,webp}.

Two minutes of an invented conversation, with an interpreter's picture and captions, from our own street and
figures. Needs Debian's ffmpeg and espeak-ng; the finished files are kept, so nobody else does.
"""

import itertools
import math
import re
import shutil
import subprocess
import tempfile
import wave
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from dagvandebuurt.core.webvtt import Cue, escaped, write
from dagvandebuurt.parts.street.street import Block, street

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "static" / "video"
WIDTH, HEIGHT, FPS, RATE = 640, 360, 10, 22050
SCALE = 2  # drawn twice as large and made smaller: smooth edges
GAP = 1.1  # seconds between two lines
CHIME = 2.6
SKY, FAR, GROUND, TABLE, TABLE_EDGE = "#232a3c", "#1c222f", "#434a58", "#7b5741", "#5e4130"
WALLS = ("#6e352b", "#8a523c", "#6a6152", "#24504f", "#3b4a5e", "#7d5a4d")
ROOF, TRIM, DARK, LIT = "#40241f", "#cfc7b8", "#10141b", "#ffc857"
PAPER, INK = "#fffdf9", "#1f2430"


@dataclass(frozen=True)
class Speaker:
    """Figure at the table: its name plate, its voice and how it is drawn."""

    name: str
    about: str
    voice: tuple[str, int, int]  # variant, pitch, words a minute
    skin: str
    hair: str
    cut: str
    coat: str
    glasses: bool = False


HOST = Speaker("Noor", "leidt het gesprek", ("nl+f2", 52, 148), "#d9a07a", "#2b2320", "long", "#0f5e63")
JOKE = Speaker("Joke", "bewoner", ("nl+f4", 34, 138), "#f2c9a5", "#c9c3ba", "short", "#a03a2c", glasses=True)
JASPER = Speaker("Jasper", "gemeente", ("nl+m3", 38, 150), "#7a4a32", "#2b2320", "curls", "#7388a0")
TABLE_OF = (JOKE, HOST, JASPER)
SAID: tuple[tuple[Speaker, str], ...] = (
    (HOST, "Goedemiddag allemaal. Fijn dat je er bent."),
    (HOST, "Dit is een verzonnen gesprek, gemaakt voor deze demo."),
    (HOST, "Bij het beeld lees je de vragen van de zaal."),
    (JOKE, "Ik woon al eenenveertig jaar in dezelfde straat."),
    (JOKE, "Vroeger kende ik iedereen. Nu ken ik de helft."),
    (HOST, "En wat zou jou helpen?"),
    (JOKE, "Een naam. Als ik iets meld, wil ik weten wie het leest."),
    (JASPER, "Dat snap ik. Bij ons krijgt elke melding nu een naam en een datum."),
    (JASPER, "Is de datum voorbij, dan bellen we zelf."),
    (HOST, "Er komt een vraag uit de zaal. Veel mensen staan erachter."),
    (HOST, "Waarom komt de bak pas een week later terug?"),
    (JASPER, "Omdat er één wagen is voor drie wijken. Dat gaan we veranderen."),
    (JASPER, "In maart hoor je wanneer. Dat beloof ik hier."),
    (HOST, "Dan schrijven we dat op. Het wordt een actiepunt, en je kunt het volgen."),
    (JOKE, "Ik houd je eraan. Ik kom het vragen, met een pan soep."),
    (HOST, "Heb jij een vraag? Stel hem. Een moderator leest hem eerst."),
    (HOST, "Wil je liever niet met je naam? Dat kan ook."),
    (HOST, "Staat jouw vraag er al? Steun hem dan. Dan komt hij eerder aan de beurt."),
    (JASPER, "En lukt het vandaag niet, dan krijg je later een antwoord."),
    (JOKE, "Of een eerlijk nee. Daar kan ik ook tegen."),
    (HOST, "Zo doen we dat hier. Wie volgt?"),
)


@dataclass(frozen=True)
class Line:
    """Spoken line, in seconds from the beginning of the film."""

    speaker: Speaker
    text: str
    start: float
    end: float


# --- sound ---------------------------------------------------------------------------------------


def spoken(speaker: Speaker, text: str, folder: Path) -> array:
    """Return a line as samples."""
    variant, pitch, pace = speaker.voice
    path = folder / "line.wav"
    subprocess.run(
        ["espeak-ng", "-v", variant, "-p", str(pitch), "-s", str(pace), "-w", path, text], check=True
    )
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels()) == (RATE, 1)
        return array("h", file.readframes(file.getnframes()))


def chime(notes: Sequence[float], seconds: float) -> array:
    """Return a few bells, one after another, that fade out."""
    count = int(seconds * RATE)
    samples = array("h", bytes(2 * count))
    for number, note in enumerate(notes):
        begin = int(number * 0.28 * RATE)
        for at in range(begin, count):
            time = (at - begin) / RATE
            tone = math.sin(math.tau * note * time) + 0.3 * math.sin(math.tau * 2.01 * note * time)
            samples[at] += int(3600 * tone * math.exp(-2.2 * time))
    return samples


def silence(seconds: float) -> array:
    return array("h", bytes(2 * int(seconds * RATE)))


def sound(folder: Path) -> tuple[array, list[Line]]:
    """Return the whole sound, and when each line is spoken in it."""
    samples, lines = chime((523.25, 659.25, 783.99), CHIME), []
    for speaker, text in SAID:
        said = spoken(speaker, text, folder)
        start = len(samples) / RATE
        samples += said
        lines.append(Line(speaker, text, start, len(samples) / RATE))
        samples += silence(GAP)
    samples += chime((783.99, 659.25, 523.25), CHIME)
    return samples, lines


# --- pictures ------------------------------------------------------------------------------------


def flattened(path: str) -> Iterator[list[tuple[float, float]]]:
    """Yield the outlines of SVG path data as polygons: the commands that the street uses, curves in steps."""
    x = y = 0.0
    points: list[tuple[float, float]] = []
    for command, given in re.findall(r"([MLHVCQAaqmlhvzZ])([^A-Za-z]*)", path):
        numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", given)]
        if command in "Mm":
            if points:
                yield points
            x, y = (numbers[0], numbers[1]) if command == "M" else (x + numbers[0], y + numbers[1])
            points = [(x, y)]
            continue
        for ends in _ends(command, numbers, x, y):
            x, y = ends
            points.append(ends)
        if command in "zZ" and points:
            x, y = points[0]
    if points:
        yield points


def _ends(command: str, numbers: list[float], x: float, y: float) -> Iterator[tuple[float, float]]:
    is_relative = command.islower()
    if command in "Hh":
        yield (x + numbers[0] if is_relative else numbers[0], y)
    elif command in "Vv":
        yield (x, y + numbers[0] if is_relative else numbers[0])
    elif command in "Ll":
        for at in range(0, len(numbers), 2):
            x, y = (x + numbers[at], y + numbers[at + 1]) if is_relative else (numbers[at], numbers[at + 1])
            yield (x, y)
    elif command in "Aa":
        yield (x + numbers[5], y + numbers[6]) if is_relative else (numbers[5], numbers[6])
    elif command in "CQq":
        size = 6 if command == "C" else 4
        for at in range(0, len(numbers), size):
            shift = (x, y) if is_relative else (0.0, 0.0)
            bend = [
                (x, y),
                *((shift[0] + numbers[n], shift[1] + numbers[n + 1]) for n in range(at, at + size, 2)),
            ]
            for step in range(1, 7):
                yield _bezier(bend, step / 6)
            x, y = bend[-1]


def _bezier(points: list[tuple[float, float]], at: float) -> tuple[float, float]:
    while len(points) > 1:
        points = [
            (a[0] + (b[0] - a[0]) * at, a[1] + (b[1] - a[1]) * at) for a, b in itertools.pairwise(points)
        ]
    return points[0]


def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(ROOT / "static/vendor/atkinson-hyperlegible-next.woff2"), size * SCALE)
    font.set_variation_by_axes([weight])
    return font


class Film:
    """Pictures of the film, made from one background."""

    def __init__(self, lines: Sequence[Line], seconds: float) -> None:
        self._lines, self._seconds = lines, seconds
        self._blocks = street("demo", 0, expected=810).blocks
        self._bold = _font(15, 700)
        self._plain = _font(12, 400)
        self._street = self._empty_street()
        self._windows = [
            [
                (offset + 0.0, window.d)
                for offset, block in self._placed()
                for window in block.windows
                if window.at % 9 == group
            ]
            for group in range(9)
        ]

    def _placed(self) -> Iterator[tuple[float, Block]]:
        return ((240 * number - 30, block) for number, block in enumerate(self._blocks[:3]))

    def _polygon(self, draw: ImageDraw.ImageDraw, path: str, dx: float, colour: str) -> None:
        for points in flattened(path):
            if len(points) > 2:
                draw.polygon([((px + dx) * SCALE, (py + 12) * SCALE) for px, py in points], fill=colour)

    def _empty_street(self) -> Image.Image:
        image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), SKY)
        draw = ImageDraw.Draw(image)
        draw.ellipse(_box(520, 22, 44, 44), fill="#3d465d")
        draw.rectangle(_box(0, 216, WIDTH, 144), fill=GROUND)
        for dx, block in self._placed():
            for house in block.houses:
                self._polygon(draw, house.facade, dx, WALLS[house.plan.wall])
                self._polygon(draw, house.roof, dx, ROOF)
                self._polygon(draw, house.trim, dx, TRIM)
                self._polygon(draw, house.door, dx, DARK)
            for window in block.windows:
                self._polygon(draw, window.d, dx, DARK)
        return image

    def pictures(self) -> Iterator[Image.Image]:
        """Yield every picture, in order."""
        lit = self._street.copy()
        group = 0
        for number in range(int(self._seconds * FPS)):
            time = number / FPS
            while group < len(self._windows) and time >= 2 + group * 11:
                for dx, path in self._windows[group]:
                    self._polygon(ImageDraw.Draw(lit), path, dx, LIT)
                group += 1
            yield self._picture(lit, time).resize((WIDTH, HEIGHT), Image.Resampling.BOX)

    def _picture(self, background: Image.Image, time: float) -> Image.Image:
        image = background.copy()
        draw = ImageDraw.Draw(image)
        line = next((each for each in self._lines if each.start <= time < each.end), None)
        for place, speaker in enumerate(TABLE_OF):
            talks = line is not None and line.speaker is speaker
            self._figure(draw, 104 + 158 * place, 214, speaker, time + place * 1.7, talks=talks)
        draw.rectangle(_box(0, 288, WIDTH, 72), fill=TABLE)
        draw.rectangle(_box(0, 288, WIDTH, 7), fill=TABLE_EDGE)
        for place, speaker in enumerate(TABLE_OF):
            talks = line is not None and line.speaker is speaker
            self._plate(draw, 104 + 158 * place, speaker, talks=talks)
        self._interpreter(image, time, signs=line is not None)
        return image

    def _plate(self, draw: ImageDraw.ImageDraw, x: float, speaker: Speaker, *, talks: bool) -> None:
        draw.rounded_rectangle(_box(x - 62, 304, 124, 42), 8 * SCALE, fill=LIT if talks else PAPER)
        draw.text((x * SCALE, 317 * SCALE), speaker.name, INK, self._bold, anchor="mm")
        draw.text((x * SCALE, 334 * SCALE), speaker.about, INK, self._plain, anchor="mm")

    def _figure(
        self, draw: ImageDraw.ImageDraw, x: float, y: float, who: Speaker, time: float, *, talks: bool
    ) -> None:
        nod = math.sin(time * (5 if talks else 1.1)) * (2.2 if talks else 1)
        if who.cut == "long":
            draw.rounded_rectangle(_box(x - 34, y - 44 + nod, 68, 74), 30 * SCALE, fill=who.hair)
        draw.rounded_rectangle(_box(x - 46, y + 26, 92, 90), 34 * SCALE, fill=who.coat)
        draw.rectangle(_box(x - 10, y + 12, 20, 24), fill=who.skin)
        draw.ellipse(_box(x - 28, y - 36 + nod, 56, 64), fill=who.skin)
        self._hair(draw, x, y + nod, who)
        shut = time % 3.7 < 0.16
        for side in (-1, 1):
            draw.ellipse(_box(x + side * 11 - 2.6, y - 8 + nod, 5.2, 1.4 if shut else 6), fill=INK)
            if who.glasses:
                draw.ellipse(_box(x + side * 11 - 9, y - 14 + nod, 18, 18), outline=INK, width=SCALE * 2)
        if who.glasses:
            draw.line(_line(x - 2, y - 6 + nod, x + 2, y - 6 + nod), fill=INK, width=SCALE * 2)
        opening = 2.5 + 5 * abs(math.sin(time * 9)) if talks else 2.2
        draw.ellipse(_box(x - 7, y + 12 + nod - opening / 2, 14, opening), fill="#6b2b25")
        if talks:
            reach = math.sin(time * 3) * 9
            draw.line(_line(x + 40, y + 66, x + 52, y + 34 + reach), fill=who.coat, width=17 * SCALE)
            draw.ellipse(_box(x + 44, y + 20 + reach, 17, 17), fill=who.skin)

    def _hair(self, draw: ImageDraw.ImageDraw, x: float, y: float, who: Speaker) -> None:
        if who.cut == "curls":
            for dx, dy in ((-24, -22), (-13, -34), (2, -38), (16, -33), (25, -21)):
                draw.ellipse(_box(x + dx - 11, y + dy - 9, 22, 22), fill=who.hair)
            return
        draw.pieslice(_box(x - 30, y - 40, 60, 62), 178, 362, fill=who.hair)
        draw.ellipse(_box(x - 25, y - 16, 50, 16), fill=who.skin)

    def _interpreter(self, image: Image.Image, time: float, *, signs: bool) -> None:
        left, top, width, height = 520, 168, 112, 112
        inset = Image.new("RGB", (width * SCALE, height * SCALE), "#e4efea")
        draw = ImageDraw.Draw(inset)
        x, y, coat, skin = 56.0, 44.0, "#2d3440", "#a86f4c"
        draw.rounded_rectangle(_box(x - 32, y + 24, 64, 70), 22 * SCALE, fill=coat)
        draw.rectangle(_box(x - 7, y + 12, 14, 18), fill=skin)
        draw.pieslice(_box(x - 21, y - 27, 42, 46), 170, 370, fill="#2b2320")
        draw.ellipse(_box(x - 18, y - 20, 36, 42), fill=skin)
        draw.pieslice(_box(x - 20, y - 26, 40, 34), 180, 360, fill="#2b2320")
        for side in (-1, 1):
            draw.ellipse(_box(x + side * 7 - 2, y - 4, 4, 5), fill=INK)
        draw.ellipse(_box(x - 5, y + 10, 10, 2 + 3 * abs(math.sin(time * 7)) * signs), fill="#6b2b25")
        for side, phase in ((-1, 0.0), (1, 1.3)):
            reach = math.sin(time * 4.3 + phase) * 17 * signs
            spread = math.cos(time * 3.1 + phase) * 12 * signs
            hand = (x + side * (20 + spread * 0.6), y + (46 if not signs else 34) + reach)
            elbow = (x + side * 38, y + 56 + reach * 0.2)
            draw.line(_line(x + side * 27, y + 34, *elbow), fill=coat, width=12 * SCALE, joint="curve")
            draw.line(_line(*elbow, *hand), fill=coat, width=11 * SCALE, joint="curve")
            draw.ellipse(_box(hand[0] - 7, hand[1] - 7, 14, 14), fill=skin)
        mask = Image.new("L", inset.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, *inset.size), 12 * SCALE, fill=255)
        image.paste(inset, (left * SCALE, top * SCALE), mask)


def _box(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    return (x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE)


def _line(x: float, y: float, to_x: float, to_y: float) -> tuple[float, float, float, float]:
    return (x * SCALE, y * SCALE, to_x * SCALE, to_y * SCALE)


# --- the files -----------------------------------------------------------------------------------


def main() -> None:
    for program in ("ffmpeg", "espeak-ng"):
        if shutil.which(program) is None:
            raise SystemExit(f"Type: sudo apt-get install {program}")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        samples, lines = sound(Path(folder))
        heard = Path(folder, "sound.wav")
        with wave.open(str(heard), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(samples.tobytes())
        film = Film(lines, len(samples) / RATE)
        size = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "-"]
        picture = [
            "-c:v",
            "libx264",
            "-preset",
            "slow",
            "-tune",
            "animation",
            "-crf",
            "27",
            "-pix_fmt",
            "yuv420p",
        ]
        tone = [
            "-c:a",
            "aac",
            "-b:a",
            "48k",
            "-movflags",
            "+faststart",
            "-fflags",
            "+bitexact",
            "-map_metadata",
            "-1",
        ]
        command = [
            "ffmpeg",
            "-y",
            "-loglevel",
            "error",
            *size,
            "-i",
            heard,
            *picture,
            *tone,
            FOLDER / "demo.mp4",
        ]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
            assert encoder.stdin is not None
            for number, image in enumerate(film.pictures()):
                if number == 60 * FPS:
                    image.save(FOLDER / "demo.webp", quality=80)
                encoder.stdin.write(image.tobytes())
        if encoder.returncode:
            raise SystemExit("ffmpeg could not write the film.")
    cues = [
        Cue(line.start, line.end, f"<v {line.speaker.name}>{escaped(line.text)}", "line:8%") for line in lines
    ]
    (FOLDER / "demo.vtt").write_text(write(cues), encoding="utf-8")
    print(f"{(FOLDER / 'demo.mp4').stat().st_size / 1e6:.2f} MB, {film._seconds:.0f} seconds")


if __name__ == "__main__":
    main()
