"""The rules of the engine for the whole book at once; equal to it to the cent."""
