"""How the pieces of the kernel are compiled: outside the interpreter's lock."""

from typing import Any, Final

import numba as nb

# Nothing here makes an array, so nothing need count who holds one (`_nrt`): that
# counting is atomic, and was two thirds of the time. Room comes from outside.
_HOW: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy", "_nrt": False}
# Python does not call the pieces, so no door is made for it.
_INSIDE: Final = _HOW | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}

entered = nb.njit(cache=True, **_HOW)  # called from Python, kept on disk
jit = nb.njit(**_INSIDE)
# For what runs at every payment: handing over so many arrays costs more than it does.
inlined = nb.njit(forceinline=True, **_INSIDE)
# For what is called from one place: it becomes part of its caller before anything is
# compiled. Every call that stays makes the compiler go over all below it once more.
once = nb.njit(inline="always", **_INSIDE)
