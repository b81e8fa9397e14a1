"""How the pieces of the kernel are compiled: outside the interpreter's lock."""

import numba as nb

jit = nb.njit(nogil=True, error_model="numpy")
# For what runs at every payment: handing over so many arrays costs more than it does.
inlined = nb.njit(nogil=True, error_model="numpy", forceinline=True)
