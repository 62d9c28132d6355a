"""``python -m doctor``: print the table; exit code 1 when something has to be fixed."""

import sys

from doctor.report import doctor

sys.exit(doctor())
