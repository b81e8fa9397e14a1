"""The commands of `daihou`, one module each (see `daihou.config.cli`)."""
