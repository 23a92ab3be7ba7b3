"""Every address with what each role gets from it: those of the matrix, of the screens and of the presses."""

from tests.house import matrix, screens
from tests.house.matrix import ONLY_POST, Row
from tests.house.screens import FILES, PRESSES, SCREENS

MATRIX: dict[str, Row] = (
    matrix.MATRIX
    | {f"desk:{name}": row.get for name, row in SCREENS.items()}
    | {f"desk:{name}": ONLY_POST for name in (*FILES, *PRESSES)}
)
POSTED: dict[str, Row] = (
    matrix.POSTED
    | {f"desk:{name}": row.post for name, row in SCREENS.items()}
    | {f"desk:{name}": screens.files_post(SCREENS[screen]) for name, screen in FILES.items()}
    | {f"desk:{name}": row.post for name, row in PRESSES.items()}
)
