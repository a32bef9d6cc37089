"""`python -m radiomicsd …` and the script `radiomicsd` of this package: the program itself, with all its commands."""

import os
import sys

from ._program import environment, program


def main():
    path = program()
    os.execve(path, [path, *sys.argv[1:]], environment())


if __name__ == "__main__":
    main()
