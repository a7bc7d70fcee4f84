"""Photographs from the field: made small, turned upright, freed of everything but the picture."""

from __future__ import annotations

import hashlib
import secrets
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ExifTags import GPS, IFD

from noko.core.refusal import Refusal

FOLDER = "inspections"
SIDE = 1600
"""Pixels of the longer side: a notice on a stand can still be read."""
QUALITY = 80
MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 80_000_000
FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph as it is kept: its file below ``settings.FILES``, and what is known of it."""

    file: str
    digest: str
    bytes: int
    width: int
    height: int
    location: str


def keep(source: BinaryIO, *, size: int, with_location: bool = False) -> Photo:
    """Writes the photograph as JPEG; the place where it was taken only when it is asked for.

    Refusals: ``not_a_photo``, ``photo_too_large``.
    """
    if size > MOST_BYTES:
        raise _too_large()
    picture, location = _opened(source, with_location)
    name = f"{FOLDER}/{secrets.token_hex(16)}.jpg"
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    picture.save(path, "JPEG", quality=QUALITY, optimize=True)
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return Photo(name, digest, len(content), picture.width, picture.height, location)


def path_of(name: str) -> Path:
    """Where the file of a photograph lies; the name comes from the database."""
    return Path(settings.FILES) / name


def _opened(source: BinaryIO, with_location: bool) -> tuple[Image.Image, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise _too_large()
                location = _location(opened.getexif().get_ifd(IFD.GPSInfo)) if with_location else ""
                upright = ImageOps.exif_transpose(opened)
                upright.thumbnail((SIDE, SIDE))
                plain = Image.new("RGB", upright.size, "white")
                plain.paste(upright.convert("RGB"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Refusal(
            "Это не фотография, или файл повреждён. Он не сохранён.",
            kind="not_a_photo",
            cure="Подойдёт снимок JPEG, PNG или WebP. Снимите ещё раз и приложите.",
        ) from None
    return plain, location


def _too_large() -> Refusal:
    return Refusal(
        f"Снимок слишком большой: больше {MOST_BYTES // 1024 // 1024} МБ или "
        f"{MOST_PIXELS // 1_000_000} мегапикселей. Он не сохранён.",
        kind="photo_too_large",
        cure="Уменьшите размер снимка в настройках камеры и приложите снова.",
    )


def _location(gps: Mapping[int, Any]) -> str:
    """«52.7212, 41.4523» from the tags of the camera; empty where they do not say."""
    try:
        latitude = _degrees(gps[GPS.GPSLatitude], gps[GPS.GPSLatitudeRef] == "S")
        longitude = _degrees(gps[GPS.GPSLongitude], gps[GPS.GPSLongitudeRef] == "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return ""
    return f"{latitude:.4f}, {longitude:.4f}"


def _degrees(parts: Any, negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if negative else value
