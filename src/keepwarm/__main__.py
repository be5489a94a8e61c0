"""``python -m keepwarm`` is the ``keepwarm`` command."""

from keepwarm.commands.main import main

if __name__ == "__main__":
    main()
