"""`python -m xlmodel` is the command line."""

from xlmodel.cli import main

if __name__ == "__main__":
    main()
