"""Every address with what each role gets from it: those of the matrix, and those of the screens."""

from tests.house import matrix, screens
from tests.house.matrix import Row

MATRIX: dict[str, Row] = matrix.MATRIX | {f"desk:{name}": row.get for name, row in screens.SCREENS.items()}
POSTED: dict[str, Row] = matrix.POSTED | {f"desk:{name}": row.post for name, row in screens.SCREENS.items()}
