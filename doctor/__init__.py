"""The doctor, in a notebook: a table of what is in order, and what a key can do."""

__all__ = ["check_key", "health_check"]


def check_key() -> None:
    """Print what this key, base URL and model can do, by the smallest calls, and what they cost.

    In practice mode the practice service is asked, for nothing. No key is shown, and an error
    is said in two sentences.
    """
    from .key_check import main

    main()


def health_check() -> list[str]:
    """Show what is in order on this computer; return the names of the checks that say FIX.

    Each check has a state (``OK``; ``look``: works, but deserves a look; ``FIX``) and, unless
    it is OK, one thing to do. No key is shown. It raises nothing: a check that cannot be made
    is a line of the table, too.
    """
    # Imported late: before the installation this package has to work with nothing installed.
    from helpers.views.table import show_table
    from practice.process.language import gettext as _

    from .report import all_checks
    from .table import as_text, summary, to_fix

    found = list(all_checks())
    rows = [(check.shown, check.state, check.text, check.fix) for check in found]
    heads = (_("check"), _("state"), _("what was found"), _("what to do"))
    title = _("Health check: {summary}").format(summary=summary(found))
    show_table(title, heads, rows, as_text(found))
    return to_fix(found)
