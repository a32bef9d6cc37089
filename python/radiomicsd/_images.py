"""Images and masks as files: a path stays what it is, a SimpleITK image is written for the program to read."""

import os
import shutil
import tempfile
from pathlib import Path


class Files:
    """Paths of the images of one call; what was written for it is removed at its end."""

    def __init__(self):
        self._folder = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def folder(self):
        """A private folder."""
        if self._folder is None:
            self._folder = tempfile.mkdtemp(prefix="radiomicsd-")
        return Path(self._folder)

    def path(self, image, name):
        """The path of an image: a path, or a SimpleITK image.

        Raises:
            TypeError: for anything else.
        """
        if isinstance(image, (str, os.PathLike)):
            return os.fspath(image)
        if type(image).__module__.split(".")[0] == "SimpleITK":
            import SimpleITK

            # NRRD holds spacing, origin and direction as double, which NIfTI does not.
            path = str(self.folder / f"{name}.nrrd")
            SimpleITK.WriteImage(image, path)
            return path
        raise TypeError(f"{name} is a path or a SimpleITK image, not {type(image).__name__}")
