"""`python -m rushlight script.py`: see `rushlight._standin`."""

if __name__ == "__main__":
    from rushlight._standin.cli import main

    main()
