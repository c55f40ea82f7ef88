"""`python -m xlmodel` is the command line."""

from xlmodel.commands.app import main

if __name__ == "__main__":
    main()
