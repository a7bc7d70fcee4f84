"""``python -m noko.commands``: the command line without the console script."""

from noko.commands.main import main

main()
