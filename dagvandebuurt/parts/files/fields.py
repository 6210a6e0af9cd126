"""Form field of an uploaded picture."""

from collections.abc import Callable
from typing import Any

from flask_wtf.file import FileField
from wtforms import ValidationError

from dagvandebuurt.core import worker_pool
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.parts.files.pictures import MOST_BYTES, Picture, re_encoded


class PictureField(FileField):
    """An uploaded picture; `made` is it, decoded and encoded anew, or None where none was sent."""

    made: Picture | None = None

    def __init__(self, label: Any, *, encode: Callable[[bytes], Picture] = re_encoded, **more: Any) -> None:
        super().__init__(label, **more)
        self._encode = encode

    def pre_validate(self, _form: Any) -> None:
        if not self.data:
            return
        try:
            self.made = worker_pool.PICTURES.do(self._encode, self.data.read(MOST_BYTES + 1))
        except RuleBroken as broken:
            raise ValidationError(str(broken.message)) from None
